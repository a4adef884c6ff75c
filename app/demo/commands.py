"""Loading the demo content: every entry becomes a command, run at the moment it is said to have happened."""

import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask_security import hash_password

from app.accounts import commands as accounts
from app.accounts.models import User
from app.challenges.commands import ChallengeText, post_challenge
from app.comments.commands import write_comment
from app.comments.models import Comment
from app.crowdfunding.commands import CampaignFigures, link_campaign
from app.ideas import commands as ideas
from app.ideas.models import Idea
from app.kit import clock
from app.kit.actor import GUEST
from app.kit.db import command
from app.moderation import commands as moderation
from app.moderation.models import Ground, Measure
from app.places.queries import place_by_ags
from app.projects import commands as projects
from app.projects.models import Project
from app.subjects.outbox import settle
from app.topics.queries import topic_by_key
from app.voting.commands import support

CONTENT = Path(__file__).parent / "content"
PASSWORD = "zukunft-demo"
DAY = timedelta(days=1)
Entry = dict[str, Any]
Event = tuple[float, Callable[[], None]]


def demo_sign_ins() -> list[tuple[str, str]]:
    """The people the start introduces: (e-mail address, what they are)."""
    people = [entry for entry in _entries("people") if entry["introduced"]]
    return [(entry["email"], ", ".join(entry["roles"]) or "member") for entry in people]


@command
def load_demo() -> None:
    """Bring the demo content into an empty database; nobody is mailed about it."""
    _Telling(clock.now()).tell()
    settle()


class _Telling:
    """The story of the demo content, told in the order of its days."""

    def __init__(self, start: datetime) -> None:
        self.start = start
        self.password_hash = hash_password(PASSWORD)
        self.known: dict[str, Any] = {}

    def tell(self) -> None:
        """Run every event at its moment, oldest first; entries of a day in the order of their files."""
        for days_ago, act in sorted(self._events(), key=lambda event: -event[0]):
            with clock.at(self.start - days_ago * DAY):
                act()

    def _events(self) -> Iterator[Event]:
        kinds = (
            ("people", self._join, "joined_days_ago"),
            ("challenges", self._challenge, "published_days_ago"),
            ("ideas", self._idea, "submitted_days_ago"),
            ("comments", self._comment, "days_ago"),
            ("reports", self._report, "days_ago"),
            ("decisions", self._decision, "days_ago"),
            ("answers", self._answer, "days_ago"),
            ("projects", self._project, "days_ago"),
            ("campaigns", self._campaign, "recorded_days_ago"),
        )
        for name, act, when in kinds:
            for entry in _entries(name):
                yield entry[when], lambda act=act, entry=entry: act(entry)  # type: ignore[misc]
                yield from self._later(name, entry)

    def _later(self, kind: str, entry: Entry) -> Iterator[Event]:
        """What happens to an entry after it came: supports spread over its time, withdrawing, results, figures."""
        if kind == "people" and "suspended_days_ago" in entry:
            yield entry["suspended_days_ago"], lambda: accounts.suspend(self.known[entry["key"]], actor_id=0)
        if kind == "ideas":
            public_for = entry.get("published_days_ago", 0)
            for number, person in enumerate(entry["supporters"]):
                days_ago = public_for * (0.98 - 0.6 * number / max(1, len(entry["supporters"])))
                yield days_ago, lambda person=person: support(self.known[entry["key"]], by=self.known[person])  # type: ignore[misc]
            if "withdrawn_days_ago" in entry:
                yield entry["withdrawn_days_ago"], lambda: self._withdraw(entry)
        if kind == "projects" and "realised" in entry:
            yield entry["realised"]["days_ago"], lambda: self._realise(entry)
        if kind == "campaigns":
            yield entry["as_of_days_ago"], lambda: self._campaign(entry)

    def _join(self, entry: Entry) -> None:
        roles = tuple(sorted(entry["roles"]))
        user = accounts.add_person(
            email=entry["email"],
            name=entry["name"],
            password_hash=self.password_hash,
            roles=roles,
            trusted=entry["trusted"],
            is_demo=True,
        )
        self.known[entry["key"]] = user

    def _challenge(self, entry: Entry) -> None:
        ends_at = self.start + entry["ends_in_days"] * DAY if "ends_in_days" in entry else None
        text = ChallengeText(
            ends_at=ends_at, **_texts(entry, "title", "summary", "problem", "good_answer"), **_where(entry)
        )
        self.known[entry["key"]] = post_challenge(text, by=self.known[entry["author"]])

    def _idea(self, entry: Entry) -> None:
        challenge = self.known[entry["challenge"]].id if "challenge" in entry else None
        words = _texts(entry, "title", "summary", "problem", "solution", "benefit")
        text = ideas.IdeaText(challenge_id=challenge, **words, **_where(entry))
        self.known[entry["key"]] = ideas.submit_idea(text, by=self.known[entry["author"]])

    def _withdraw(self, entry: Entry) -> None:
        ideas.withdraw_idea(self.known[entry["key"]], by=self.known[entry["author"]])

    def _comment(self, entry: Entry) -> None:
        parent: Comment | None = self.known[entry["reply_to"]] if "reply_to" in entry else None
        thing, author = self.known[entry["on"]], self.known[entry["author"]]
        body = entry["body"].strip()
        self.known[entry["key"]] = write_comment(thing, body, by=author, parent_id=parent.id if parent else None)

    def _report(self, entry: Entry) -> None:
        by = self.known[entry["reporter"]] if "reporter" in entry else GUEST
        thing, ground = self.known[entry["on"]], Ground(entry["ground"])
        moderation.report(thing, ground=ground, text=entry["text"], email=entry.get("email", ""), by=by)

    def _decision(self, entry: Entry) -> None:
        thing, by = self.known[entry["on"]], self.known[entry["by"]]
        measure, ground = Measure(entry["measure"]), Ground(entry["ground"])
        moderation.decide(thing, measure=measure, ground=ground, facts=entry["facts"].strip(), by=by)

    def _answer(self, entry: Entry) -> None:
        idea: Idea = self.known[entry["on"]]
        body, role = entry["body"].strip(), entry["role_label"]
        ideas.answer_idea(idea, body=body, status=entry["status"], by=self.known[entry["by"]], role_label=role)

    def _project(self, entry: Entry) -> None:
        text = projects.ProjectText(**_texts(entry, "title", "summary", "description", "reason"))
        by: User = self.known[entry["by"]]
        first, *others = [self.known[key] for key in entry["ideas"]]
        self.known[entry["key"]] = projects.start_project(first, text, by=by, others=others)

    def _realise(self, entry: Entry) -> None:
        project: Project = self.known[entry["key"]]
        projects.conclude(project, entry["realised"]["body"].strip(), by=self.known[entry["realised"]["by"]])

    def _campaign(self, entry: Entry) -> None:
        first = (self.start - entry["starts_days_ago"] * DAY).date()
        last = (self.start + entry["ends_in_days"] * DAY).date()
        figures = CampaignFigures(
            url=entry["url"],
            platform=entry["platform"],
            goal_cents=entry["goal_cents"],
            raised_cents=entry["raised_cents"],
            backers_count=entry["backers"],
            starts_on=first,
            ends_on=last,
        )
        link_campaign(self.known[entry["project"]], figures, by=self.known[entry["by"]])


def _entries(kind: str) -> list[Entry]:
    with (CONTENT / f"{kind}.toml").open("rb") as file:
        entries: list[Entry] = tomllib.load(file)[kind]
    return entries


def _texts(entry: Entry, *names: str) -> dict[str, Any]:
    return {name: entry.get(name, "").strip() for name in names}


def _where(entry: Entry) -> dict[str, Any]:
    topic, place = topic_by_key(entry["topic"]), place_by_ags(entry["place"]) if entry.get("place") else None
    return {"topic_id": topic.id if topic else None, "place_id": place.id if place else None}
