"""A small world for tests: one thing of every kind, made by the platform's own commands."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

from flask import Flask
from PIL import Image

from app.accounts.models import User
from app.accounts.queries import person_by_email
from app.attachments.commands import (
    Arranged,
    Row,
    add_file,
    add_picture,
    arrange_files,
    attach,
    store_document,
    store_files,
)
from app.barriers.commands import report_barrier
from app.branding.commands import keep_logo, save_look
from app.branding.models import Partner
from app.branding.queries import shipped_look
from app.challenges import commands as challenges
from app.challenges.commands import ChallengeText, CriterionText, PhaseText, QuestionText, Voting, post_challenge
from app.challenges.models import DEFAULT_ACTS, Challenge, PhaseKind
from app.challenges.queries import hosts_of
from app.closings.commands import Verdict, save_closing
from app.comments.commands import write_comment
from app.crowdfunding.commands import CampaignFigures, link_campaign
from app.follows.queries import follow_of, unsubscribe_token
from app.ideas.commands import IdeaText, invite_coauthor, submit_idea
from app.ideas.queries import invitation_token as coauthor_token
from app.imports.commands.runs import open_run
from app.kit import clock, documents, pictures
from app.kit.actor import GUEST, SYSTEM
from app.kit.db import db, unit_of_work
from app.kit.drafts import save_draft
from app.moderation.commands import decide, report
from app.moderation.models import Case, Ground, Measure
from app.organisations.commands import OrganisationText, add_member, found_organisation, invite
from app.organisations.models import Role
from app.organisations.queries import invitation_named
from app.pages.commands import edit_page
from app.pages.queries import PageText
from app.places.queries import place_by_ags
from app.projects.commands import ProjectText, post_update, start_project
from app.topics.queries import topic_by_key
from tests.factories.documents import pdf


@dataclass(frozen=True)
class World:
    """Ids and tokens of what there is; the author of everything is Anton, the staff is Ruth.

    Anton owns the organisation, Ada edits in it, Mara is invited.
    """

    challenge: int
    idea: int
    waiting_idea: int
    hidden_idea: int
    comment: int
    project: int
    promoted_idea: int
    campaign: int
    case: int
    decision: int
    picture: int
    file: int
    draft: str
    receipt: str
    run: int
    organisation: str
    invitation: int
    invitation_token: str
    coauthor_invitation: int
    coauthor_token: str
    editor: int
    follow: int
    unsubscribe_token: str
    update: int
    challenge_draft: int
    preview_token: str
    host: int
    challenge_news: int
    logo: str
    barrier: int
    barrier_receipt: str


def build(app: Flask) -> World:
    """Make the world; everybody of the cast is there already."""
    with app.test_request_context(), unit_of_work():
        return _build()


def photo(width: int = 640, height: int = 480) -> bytes:
    """A JPEG of one colour."""
    out = BytesIO()
    Image.new("RGB", (width, height), (200, 120, 40)).save(out, "JPEG")
    return out.getvalue()


def person(name: str) -> User:
    """Somebody of the cast."""
    found = person_by_email(f"{name}@example.org")
    assert found is not None
    return found


def idea_text(title: str, **more: object) -> IdeaText:
    """A short idea."""
    topic = topic_by_key("mobility")
    words = {"summary": "Kurz gesagt.", "problem": "Das Problem.", "solution": "Die Lösung.", "benefit": "Viele."}
    return IdeaText(title=title, topic_id=topic.id if topic else None, **(words | more))  # type: ignore[arg-type]


def challenge_text(title: str, **more: object) -> ChallengeText:
    """A short challenge."""
    return ChallengeText(title=title, **({"summary": "Kurz.", "problem": "Lang."} | more))  # type: ignore[arg-type]


def challenge_draft(author: User) -> Challenge:
    """A draft with phases, a question, a criterion, a link, a further topic and place."""
    youth, place = topic_by_key("youth"), place_by_ags("14713000")
    assert youth is not None
    assert place is not None
    further = {"links": [("Studie", "https://studie.example")], "more_topic_ids": [youth.id]}
    text = challenge_text("Ein Hof für alle", more_place_ids=[place.id], **further)
    draft = challenges.draft_challenge(text, by=author)
    collecting = PhaseText(
        kind="collect", last_day=clock.today() + timedelta(days=20), acts=DEFAULT_ACTS[PhaseKind.COLLECT]
    )
    voting = PhaseText(kind="vote", by_hand=True, acts=DEFAULT_ACTS[PhaseKind.VOTE])
    challenges.save_phases(draft, [collecting, voting], by=author)
    challenges.save_questions(draft, [QuestionText(kind="number", label="Was kostet es?", unit="Euro")], by=author)
    challenges.save_voting(draft, Voting(criteria=[CriterionText(name="Wirkung")]), by=author)
    return draft


def organisation_text(name: str, **more: object) -> OrganisationText:
    """A small association."""
    values = {"category": "association", "summary": "Kurz gesagt.", "text": "Wir reparieren.", "website": ""}
    return OrganisationText(name=name, **(values | more))  # type: ignore[arg-type]


def _build() -> World:
    anton, mara, ruth = person("anton"), person("mara"), person("ruth")
    challenge = post_challenge(challenge_text("Warten ohne Bank"), by=anton)
    idea = submit_idea(idea_text("Eine Bank für alle", challenge_id=challenge.id), by=anton)
    safe = pictures.take_in(photo())
    attach(idea.id, add_picture(safe, store_files(safe), by=anton).id, alt="Eine Bank", by=anton)
    document = documents.take_in(pdf(), "Plan.pdf")
    plan = add_file(document, store_document(document), by=anton).id
    arrange_files(idea.id, Arranged((Row(plan),)), by=anton)
    waiting = submit_idea(idea_text("Ein Dach"), by=mara)
    hidden = submit_idea(idea_text("Nicht so gut"), by=anton)
    report(hidden, ground=Ground.RESPECT, text="Unfreundlich.", email="", by=GUEST)
    decision = decide(hidden, measure=Measure.HIDE, ground=Ground.RESPECT, facts="Der Ton.", by=ruth)
    comment = write_comment(idea, "Gern.", by=anton)
    receipt = report(comment, ground=Ground.LAW, text="Bitte ansehen.", email="", by=GUEST).receipt
    promoted = submit_idea(idea_text("Ein Fahrradkeller"), by=anton)
    words = ProjectText(title="Fahrradkeller", summary="Kurz.", description="Lang.", reason="Weil.")
    project = start_project(promoted, words, by=ruth)
    campaign = link_campaign(project, figures(), by=ruth)
    draft = save_draft([("title", "Halb fertig")], address="/ideas", title="Halb fertig", by=anton)
    page = PageText(key="imprint", language="de", number=0, title="Impressum", body="Wir.")
    edit_page(page, based_on=0, by=person("ada"))
    db.session.flush()
    werkstatt = found_organisation(organisation_text("Offene Werkstatt"), by=anton)
    add_member(werkstatt, person("ada").id, Role.EDITOR, by=anton)
    token = invite(werkstatt, "mara@example.org", Role.EDITOR, by=anton)
    challenges.invite_host(challenge, werkstatt, by=anton)
    news = challenges.post_news(challenge, title="Die Jury steht", body="Fünf Menschen lesen mit.", by=anton)
    verdict = Verdict(kind="shortlisted", reason="Sie passt gut.")
    save_closing(challenge, "Danke an alle.", {idea.id: verdict}, by=anton)
    sketch = challenge_draft(anton)
    along = invite_coauthor(promoted, "mara@example.org", by=anton)
    update = post_update(project, title="Der Keller ist leer", body="Jetzt wird gestrichen.", by=ruth)
    follow = follow_of(anton.id, idea.id)
    assert follow is not None
    case = db.session.scalars(db.select(Case.id).where(Case.subject_id == waiting.id)).one()
    picture = idea.pictures[0].id
    barrier = report_barrier(text="Zu klein.", page="/ideas", email="hilde@example.org", by=GUEST)
    return World(
        challenge=challenge.id,
        idea=idea.id,
        waiting_idea=waiting.id,
        hidden_idea=hidden.id,
        comment=comment.id,
        project=project.id,
        promoted_idea=promoted.id,
        campaign=campaign.id,
        case=case,
        decision=decision.id,
        picture=picture,
        file=plan,
        draft=draft.token,
        receipt=receipt,
        run=open_run("ideas", challenge.id, system="alt", file_name="alt.csv", by=SYSTEM).id,
        organisation=werkstatt.slug,
        invitation=invitation_named(token).id,
        invitation_token=token,
        coauthor_invitation=along.id,
        coauthor_token=coauthor_token(along),
        editor=person("ada").id,
        follow=follow.id,
        unsubscribe_token=unsubscribe_token(mara.id, idea.id),
        update=update.id,
        challenge_draft=sketch.id,
        preview_token=challenges.share_preview(sketch, by=anton),
        host=hosts_of(challenge.id)[0].id,
        challenge_news=news.id,
        logo=look(person("ada")),
        barrier=barrier.id,
        barrier_receipt=barrier.receipt,
    )


def look(ada: User) -> str:
    """A look with a logo, a partner and the emblem of the EU; returns the name of the logo."""
    logo = keep_logo(pictures.take_in(photo(300, 100)))
    partners = (Partner(logo, "Stadt Döbeln", "https://doebeln.example"),)
    shipped = shipped_look()
    save_look(replace(shipped, logo=logo, shows_eu=True, partners=partners), based_on=0, by=ada)
    return logo.name


def figures(**more: object) -> CampaignFigures:
    """A campaign that runs for a month."""
    today = datetime.now(UTC).date()
    values = {"url": "https://crowdfunding.example/x", "platform": "Beispiel", "goal_cents": 2_400_000}
    values |= {
        "raised_cents": 1_864_000,
        "backers_count": 312,
        "starts_on": today,
        "ends_on": today + timedelta(days=30),
    }
    return CampaignFigures(**(values | more))  # type: ignore[arg-type]
