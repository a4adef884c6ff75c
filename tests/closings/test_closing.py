"""The end of a challenge: every idea is told what becomes of it, and everybody who followed hears of it once."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.challenges import commands as challenges
from app.closings import commands, queries
from app.closings.commands import Verdict
from app.closings.models import Outcome
from app.follows.commands import follow
from app.ideas.commands import answer_idea, set_state
from app.ideas.models import Answer, Idea
from app.kit.db import db, unit_of_work
from app.kit.errors import Conflict, Invalid, NotAllowed
from app.projects.commands import ProjectText, start_project
from app.voting.commands import support
from tests.client import Client
from tests.factories.challenges import a_challenge, an_answer, the
from tests.factories.world import person
from tests.hostile import MARKUP
from tests.people import Cast
from tests.support.mailbox import Mailbox, text_of_message

MANY = 60
SignedIn = Callable[..., Client]
Work = Callable[[], None]


@pytest.fixture
def challenge(app: Flask, cast: Cast) -> int:
    """A challenge of Anton's with sixty ideas; Ada follows it, Mara supports two of the ideas."""
    with app.test_request_context(), unit_of_work():
        challenge = a_challenge()
        ideas = [an_answer(challenge, f"Idee {number:02}", by=person("ruth")) for number in range(MANY)]
        support(ideas[0], by=person("mara"))
        support(ideas[1], by=person("mara"))
        follow(challenge, by=person("ada"))
        return challenge.id


def ideas_of(number: int) -> list[Idea]:
    return list(db.session.scalars(select(Idea).where(Idea.challenge_id == number).order_by(Idea.id)))


def close(number: int, text: str = "Danke an alle.", kind: str = "shortlisted", by: str = "ruth") -> None:
    commands.save_closing(the(number), text, {}, by=person(by))
    commands.say_of_open(the(number), Verdict(kind=kind, reason="Sie passt gut."), by=person(by))


def test_staff_closes_a_challenge_with_sixty_ideas_page_by_page(
    app: Flask, cast: Cast, challenge: int, signed_in: SignedIn, work: Work, smtp: Mailbox
) -> None:
    ruth, reader = signed_in(cast.ruth), signed_in(cast.mara)
    work()
    smtp.clear()
    page = ruth.page(f"/challenges/{challenge}/closing")
    assert "Noch 60 von 60 Ideen sind offen." in page
    form = page.form("Entwurf speichern").fill(text="Danke an alle.")
    form.fill(**{"idee-0-kind": "not_pursued", "idee-0-reason": "Das gibt es schon."})
    page = form.fill(**{"idee-1-kind": "passed_on", "idee-1-reason": "Passt dorthin."}).submit(expect=422)
    assert "Schreiben Sie, an wen die Idee geht." in page
    again = page.form("Entwurf speichern")
    assert again.values["idee-0-reason"] == ["Das gibt es schon."]
    page = again.fill(**{"idee-1-passed_to": "das Tiefbauamt"}).submit("Entwurf speichern")
    assert "Noch 58 von 60 Ideen sind offen." in page
    ticked = {f"idee-{row}-pick": True for row in range(5)}
    bulk = {"bulk_kind": "shortlisted", "bulk_reason": "Wir prüfen weiter."}
    page = page.form("Entwurf speichern").fill(**ticked, **bulk).submit("Bei den angekreuzten eintragen")
    assert "Noch 53 von 60 Ideen sind offen." in page
    page = page.form("Entwurf speichern").submit("Speichern und veröffentlichen")
    assert "noch nicht öffentlich. Von 53 Ideen fehlt noch" in page
    assert "Was aus den Ideen wird" not in reader.page(f"/challenges/{challenge}")
    page = page.form("Entwurf speichern").fill(**bulk).submit("Bei allen offenen eintragen")
    assert "Zu jeder Idee ist gesagt, was aus ihr wird." in page
    page = page.form("Entwurf speichern").submit("Speichern und veröffentlichen")
    assert "60 Ideen sind beantwortet." in page
    shown = reader.page(f"/challenges/{challenge}")
    for words in (
        "58 Ideen: bleibt in der engeren Auswahl",
        "1 Idee: wird nicht weiterverfolgt",
        "An: das Tiefbauamt.",
    ):
        assert words in shown, words
    assert "Beantwortet" in reader.page("/challenges")
    with app.test_request_context():
        assert db.session.scalar(select(db.func.count(Answer.id))) == MANY
        statuses = [idea.status for idea in ideas_of(challenge)]
        assert statuses == ["not_pursued", "under_review", *["shortlisted"] * 58]
        assert the(challenge).status == "answered"
    work()
    work()
    assert smtp.subjects_to(cast.ada.email) == ["Was aus den Ideen wird: „Warten im Regen“"], "one mail, not sixty"
    text = " ".join(text_of_message(smtp.last_to(cast.mara.email)).split())
    assert "„Idee 00“ wird nicht weiterverfolgt. Das gibt es schon." in text
    assert "„Idee 01“ wird weitergegeben (an: das Tiefbauamt). Passt dorthin." in text
    assert len(smtp.subjects_to(cast.mara.email)) == 1


def test_publishing_again_says_that_nothing_is_new(app: Flask, cast: Cast, challenge: int, signed_in: SignedIn) -> None:
    with app.test_request_context(), unit_of_work():
        close(challenge)
    form = signed_in(cast.ruth).page(f"/challenges/{challenge}/closing?show=").form("Entwurf speichern")
    assert "60 Ideen sind beantwortet. Wer folgt, bekommt eine E-Mail." in form.submit("Speichern und veröffentlichen")
    assert "deshalb geht keine E-Mail hinaus" in form.submit("Speichern und veröffentlichen")


def test_an_ideas_page_shows_its_answer_and_the_step(app: Flask, cast: Cast, challenge: int, client: Client) -> None:
    with app.test_request_context(), unit_of_work():
        close(challenge)
        commands.publish_closing(the(challenge), by=person("ruth"), role_label="Moderation")
        number = ideas_of(challenge)[0].id
    page = client.page(f"/ideas/{number}")
    assert "Sie passt gut." in page
    assert "Engere Auswahl" in page


def test_what_became_a_project_cannot_be_dropped_and_the_status_is_suggested(
    app: Flask, cast: Cast, challenge: int, signed_in: SignedIn
) -> None:
    with app.test_request_context(), unit_of_work():
        first, second, *_others = ideas_of(challenge)
        words = ProjectText(title="Dach", summary="Kurz.", description="Lang.", reason="Weil.")
        start_project(first, words, by=person("ruth"))
        answer_idea(second, body="Nein.", status="not_pursued", by=person("ruth"))
        with pytest.raises(Invalid):
            commands.save_closing(
                the(challenge), "", {first.id: Verdict(kind="not_pursued", reason="Nein.")}, by=person("ruth")
            )
    ruth = signed_in(cast.ruth)
    form = ruth.page(f"/challenges/{challenge}/closing").form("Entwurf speichern")
    assert form.values["idee-0-kind"] == ["project"]
    assert form.values["idee-1-kind"] == ["not_pursued"]
    page = form.fill(**{"idee-0-kind": "not_pursued"}).submit("Entwurf speichern", expect=422)
    assert "schon ein Projekt geworden" in page
    page = page.form("Entwurf speichern").fill(**{"idee-0-kind": ""}).fill(**{"idee-0-reason": ""})
    page.submit("Alle offenen nach ihrem Stand eintragen")
    with app.test_request_context():
        said = {row.idea_id: row.kind for row in db.session.scalars(select(Outcome))}
        assert sorted(said.values()) == ["not_pursued", "project"]


def test_what_was_said_is_taken_back_until_it_is_public(
    app: Flask, cast: Cast, challenge: int, signed_in: SignedIn
) -> None:
    ruth = signed_in(cast.ruth)
    with app.test_request_context(), unit_of_work():
        close(challenge)
    address = f"/challenges/{challenge}/closing?show=shortlisted"
    stale = ruth.page(f"/challenges/{challenge}/closing?show=").form("Entwurf speichern")
    page = ruth.page(address).form("Entwurf speichern").fill(**{"idee-0-kind": ""}).submit("Entwurf speichern")
    assert "Noch eine von 60 Ideen ist offen." in page
    with app.test_request_context(), unit_of_work():
        first, second = [idea.id for idea in ideas_of(challenge)[:2]]
        assert queries.outcomes_among([first]) == {}
        again = Verdict(kind="not_pursued", reason="Doch nicht.")
        commands.save_closing(the(challenge), "Danke.", {first: again}, by=person("ruth"))
    stale.force(**{"idee-0-was": "", "idee-0-kind": "", "idee-0-reason": ""}).submit("Entwurf speichern")
    with app.test_request_context(), unit_of_work():
        assert queries.outcomes_among([first])[first].kind == "not_pursued", "a page that never showed it"
        commands.publish_closing(the(challenge), by=person("ruth"))
    page = ruth.page(address).form("Entwurf speichern").fill(**{"idee-0-kind": ""})
    assert "Das ist schon öffentlich." in page.submit("Entwurf speichern", expect=422)
    with app.test_request_context(), unit_of_work():
        commands.save_closing(the(challenge), "Danke.", {}, by=person("ruth"), taken_back=[second])
        assert queries.outcomes_among([second])


def test_it_is_public_only_when_every_public_idea_has_an_answer(app: Flask, cast: Cast, challenge: int) -> None:
    with app.test_request_context(), unit_of_work():
        ruth = person("ruth")
        with pytest.raises(Conflict):
            commands.publish_closing(the(challenge), by=ruth)
        close(challenge, text="  ")
        with pytest.raises(Conflict):
            commands.publish_closing(the(challenge), by=ruth)
        commands.save_closing(the(challenge), "Danke.", {}, by=ruth)
        late = an_answer(the(challenge), "Nachzüglerin", by=ruth)
        with pytest.raises(Conflict):
            commands.publish_closing(the(challenge), by=ruth)
        set_state(late, "hidden", "Doppelt.")
        assert commands.publish_closing(the(challenge), by=ruth) == MANY
        assert commands.publish_closing(the(challenge), by=ruth) == 0, "again changes nothing"


def test_what_is_said_later_is_an_addition_for_those_concerned(
    app: Flask, cast: Cast, challenge: int, work: Work, smtp: Mailbox
) -> None:
    with app.test_request_context(), unit_of_work():
        close(challenge)
        commands.publish_closing(the(challenge), by=person("ruth"))
    work()
    work()
    smtp.clear()
    with app.test_request_context(), unit_of_work():
        first = ideas_of(challenge)[0]
        better = Verdict(kind="not_pursued", reason="Doch nicht: Das Geld fehlt.")
        commands.save_closing(the(challenge), "Danke an alle.", {first.id: better}, by=person("ruth"))
        assert commands.publish_closing(the(challenge), by=person("ruth")) == 1
    work()
    work()
    assert smtp.subjects_to(cast.mara.email) == ["Nachtrag zum Abschluss: „Warten im Regen“"]
    assert smtp.subjects_to(cast.ada.email) == []


def test_who_may_close(app: Flask, cast: Cast, challenge: int) -> None:
    with app.test_request_context(), unit_of_work():
        commands.save_closing(the(challenge), "Von Anton.", {}, by=person("anton"))
        for name in ("mara", "sven"):
            with pytest.raises(NotAllowed):
                commands.save_closing(the(challenge), "Von mir.", {}, by=person(name))
        stranger = an_answer(a_challenge("Eine andere"), "Fremd").id
        commands.save_closing(
            the(challenge), "x", {stranger: Verdict(kind="shortlisted", reason="x")}, by=person("ruth")
        )
        assert queries.outcomes_among([stranger]) == {}, "ideas of other challenges are left alone"


def test_an_archived_challenge_keeps_its_end(app: Flask, cast: Cast, challenge: int, client: Client) -> None:
    with app.test_request_context(), unit_of_work():
        close(challenge)
        commands.publish_closing(the(challenge), by=person("ruth"))
        challenges.archive(the(challenge), by=person("ruth"))
    assert "Was aus den Ideen wird" in client.page(f"/challenges/{challenge}")


@pytest.mark.parametrize("text", MARKUP.values(), ids=MARKUP.keys())
@pytest.mark.on("sqlite")
def test_a_closing_stays_text(app: Flask, cast: Cast, signed_in: SignedIn, client: Client, text: str) -> None:
    with app.test_request_context(), unit_of_work():
        challenge = a_challenge()
        an_answer(challenge)
        number = challenge.id
    ruth = signed_in(cast.ruth)
    form = ruth.page(f"/challenges/{number}/closing").form("Entwurf speichern").fill(text=text)
    form.fill(**{"idee-0-kind": "passed_on", "idee-0-reason": text, "idee-0-passed_to": text[:120]})
    form.submit("Speichern und veröffentlichen")
    for address in (f"/challenges/{number}", f"/challenges/{number}/outcomes"):
        assert "<script>alert" not in client.page(address).html
