"""What each entry of the demo content does: the platform's own commands, with the people and things known so far."""

from datetime import datetime, timedelta
from typing import Any

from flask_security import hash_password

from app.accounts import commands as accounts
from app.challenges import commands as challenges
from app.challenges.commands import ChallengeText, PhaseText
from app.challenges.models import DEFAULT_ACTS, PhaseKind
from app.challenges.queries import hosts_of
from app.closings import commands as closings
from app.comments.commands import delete_comment, write_comment
from app.crowdfunding.commands import CampaignFigures, link_campaign
from app.demo.commands.entries import PASSWORD, Entry, texts
from app.follows.commands import follow
from app.ideas import commands as ideas
from app.kit import clock
from app.kit.actor import GUEST, SYSTEM
from app.moderation import commands as moderation
from app.moderation.models import Ground, Measure
from app.organisations import commands as organisations
from app.organisations.models import Role
from app.places.queries import place_by_ags
from app.projects import commands as projects
from app.topics.queries import topic_by_key
from app.voting.commands import support

DAY = timedelta(days=1)
CONTACT = ("contact_name", "contact_role", "contact_email")
ROLE = "Moderation"


class Acts:
    """Everything that can happen in the story; `known` holds what an entry became, by its key."""

    def __init__(self, start: datetime) -> None:
        self.start = start
        self.password_hash = hash_password(PASSWORD)
        self.known: dict[str, Any] = {}

    def join(self, entry: Entry) -> None:
        self.known[entry["key"]] = accounts.add_person(
            email=entry["email"],
            name=entry["name"],
            password_hash=self.password_hash,
            roles=tuple(sorted(entry["roles"])),
            trusted=entry["trusted"],
            is_demo=True,
        )

    def suspend(self, entry: Entry) -> None:
        accounts.suspend(self.known[entry["key"]], actor_id=0)

    def found(self, entry: Entry) -> None:
        words = texts(entry, "name", "summary", "text", "website")
        text = organisations.OrganisationText(category=entry["kind"], **words, **_where(entry))
        self.known[entry["key"]] = organisations.found_organisation(text, by=self.known[entry["owner"]])

    def fill(self, entry: Entry) -> None:
        """Its editors join, and staff confirm who it is."""
        organisation, owner = self.known[entry["key"]], self.known[entry["owner"]]
        for editor in entry["editors"]:
            organisations.add_member(organisation, self.known[editor].id, Role.EDITOR, by=owner)
        if "verified_by" in entry:
            organisations.verify(organisation, by=self.known[entry["verified_by"]])

    def challenge(self, entry: Entry) -> None:
        ends_at = self.start + entry["ends_in_days"] * DAY if "ends_in_days" in entry else None
        words = texts(entry, "title", "summary", "problem", "good_answer", "affected", *CONTACT) | _where(entry)
        further = [topic.id for key in entry.get("more_topics", []) if (topic := topic_by_key(key))]
        speaker = self._speaker(entry)
        text = ChallengeText(ends_at=ends_at, organisation_id=speaker, more_topic_ids=further, **words)
        self.known[entry["key"]] = challenges.post_challenge(text, by=self.known[entry["author"]])

    def set_up(self, entry: Entry) -> None:
        """Phases, questions, criteria, votes and co-hosts of a challenge, as its author lays them out."""
        challenge = self.known[entry["on"]]
        by = challenge.author
        challenges.save_phases(challenge, [self._phase(one) for one in entry.get("phases", [])], by=by)
        questions = [challenges.QuestionText(**one) for one in entry.get("questions", [])]
        challenges.save_questions(challenge, questions, by=by)
        criteria = [challenges.CriterionText(**one) for one in entry.get("criteria", [])]
        votes = entry.get("votes_each", 0)
        voting = challenges.Voting(method="votes" if votes else "support", votes_each=votes, criteria=criteria)
        challenges.save_voting(challenge, voting, by=SYSTEM)
        for key in entry.get("hosts", []):
            organisation = self.known[key]
            challenges.invite_host(challenge, organisation, by=by)
            asked = next(host for host in hosts_of(challenge.id) if host.organisation_id == organisation.id)
            challenges.answer_invitation(asked, accept=True, by=organisation.founder)

    def news(self, entry: Entry) -> None:
        challenge, by = self.known[entry["on"]], self.known[entry["by"]]
        challenges.post_news(challenge, title=entry["title"], body=entry["body"].strip(), by=by)

    def close(self, entry: Entry) -> None:
        """What becomes of every idea of a challenge, said and made public."""
        challenge, by = self.known[entry["on"]], self.known[entry["by"]]
        said = {
            self.known[one["idea"]].id: closings.Verdict(kind=one["kind"], reason=one["reason"])
            for one in entry["outcomes"]
        }
        closings.save_closing(challenge, entry["text"].strip(), said, by=by)
        closings.publish_closing(challenge, by=by, role_label=ROLE)

    def idea(self, entry: Entry) -> None:
        challenge = self.known[entry["challenge"]].id if "challenge" in entry else None
        words = texts(entry, "title", "summary", "problem", "solution", "benefit") | _where(entry)
        text = ideas.IdeaText(challenge_id=challenge, organisation_id=self._speaker(entry), **words)
        self.known[entry["key"]] = ideas.submit_idea(text, by=self.known[entry["author"]])

    def support(self, entry: Entry, person: str) -> None:
        support(self.known[entry["key"]], by=self.known[person])

    def withdraw(self, entry: Entry) -> None:
        by, reason = self.known[entry["author"]], entry.get("withdrawn_reason", "")
        ideas.withdraw_idea(self.known[entry["key"]], by=by, reason=reason)

    def edit(self, entry: Entry) -> None:
        """A change of an idea's text; with co-authors, they join first."""
        idea, by = self.known[entry["on"]], self.known[entry["by"]]
        for key in entry.get("coauthors", []):
            ideas.add_coauthor(idea, self.known[key])
        names = ("title", "summary", "problem", "solution", "benefit", "stage", "needs", "topic_id", "place_id")
        said = {name: getattr(idea, name) for name in (*names, "easy_text", "different_because", "challenge_id")}
        said |= {name: entry[name].strip() for name in names if name in entry}
        ideas.edit_idea(idea, ideas.IdeaText(**said), by=by, moderate_new=False, note=entry["note"])

    def comment(self, entry: Entry) -> None:
        thing, author, body = self.known[entry["on"]], self.known[entry["author"]], entry["body"].strip()
        parent_id = self.known[entry["reply_to"]].id if "reply_to" in entry else None
        said = write_comment(thing, body, by=author, parent_id=parent_id, organisation_id=self._speaker(entry))
        self.known[entry["key"]] = said

    def delete_comment(self, entry: Entry) -> None:
        delete_comment(self.known[entry["key"]], by=self.known[entry["author"]])

    def report(self, entry: Entry) -> None:
        by = self.known[entry["reporter"]] if "reporter" in entry else GUEST
        thing, ground = self.known[entry["on"]], Ground(entry["ground"])
        moderation.report(thing, ground=ground, text=entry["text"], email=entry.get("email", ""), by=by)

    def decide(self, entry: Entry) -> None:
        thing, by = self.known[entry["on"]], self.known[entry["by"]]
        measure, ground = Measure(entry["measure"]), Ground(entry["ground"])
        moderation.decide(thing, measure=measure, ground=ground, facts=entry["facts"].strip(), by=by)

    def answer(self, entry: Entry) -> None:
        idea, body, role = self.known[entry["on"]], entry["body"].strip(), entry["role_label"]
        ideas.answer_idea(idea, body=body, status=entry["status"], by=self.known[entry["by"]], role_label=role)

    def start_project(self, entry: Entry) -> None:
        text = projects.ProjectText(**texts(entry, "title", "summary", "description", "reason"))
        first, *others = [self.known[key] for key in entry["ideas"]]
        self.known[entry["key"]] = projects.start_project(first, text, by=self.known[entry["by"]], others=others)

    def realise(self, entry: Entry) -> None:
        result = entry["realised"]
        projects.conclude(self.known[entry["key"]], result["body"].strip(), by=self.known[result["by"]])

    def link_campaign(self, entry: Entry) -> None:
        """Its first day: the goal is known, nothing has come in."""
        self.enter_figures(entry | {"raised_cents": 0, "backers": 0})

    def enter_figures(self, entry: Entry) -> None:
        figures = CampaignFigures(
            url=entry["url"],
            platform=entry["platform"],
            goal_cents=entry["goal_cents"],
            raised_cents=entry["raised_cents"],
            backers_count=entry["backers"],
            starts_on=(self.start - entry["starts_days_ago"] * DAY).date(),
            ends_on=(self.start + entry["ends_in_days"] * DAY).date(),
        )
        link_campaign(self.known[entry["project"]], figures, by=self.known[entry["by"]])

    def update(self, entry: Entry) -> None:
        project, by = self.known[entry["project"]], self.known[entry["by"]]
        projects.post_update(project, title=entry["title"], body=entry["body"].strip(), by=by)

    def follow(self, entry: Entry) -> None:
        follow(self.known[entry["on"]], by=self.known[entry["by"]])

    def _phase(self, entry: Entry) -> PhaseText:
        days = [entry.get("first_in_days"), entry.get("last_in_days")]
        first, last = (None if one is None else clock.day_of(self.start + one * DAY) for one in days)
        words = texts(entry, "name", "text")
        acts, by_hand = DEFAULT_ACTS[PhaseKind(entry["kind"])], entry.get("by_hand", False)
        return PhaseText(kind=entry["kind"], first_day=first, last_day=last, acts=acts, by_hand=by_hand, **words)

    def _speaker(self, entry: Entry) -> int | None:
        return self.known[entry["as"]].id if "as" in entry else None


def _where(entry: Entry) -> dict[str, Any]:
    topic, place = topic_by_key(entry.get("topic", "")), place_by_ags(entry.get("place", ""))
    return {"topic_id": topic.id if topic else None, "place_id": place.id if place else None}
