"""Whatever people do in whatever order: counters, journey, list, search, feed and page agree with a model.

The model is a few lines: each idea has a state, and a set of people who support it. Acts that are not open are refused
and change nothing. The clock moves too, and moderators open and end phases by hand.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from lxml import etree

from app.accounts.commands import add_person, delete_account
from app.challenges.commands import ChallengeText, close_phase, open_phase, post_challenge, save_phases
from app.challenges.commands.phases import PhaseText
from app.challenges.models import Challenge
from app.comments.commands import delete_comment, write_comment
from app.comments.models import Comment
from app.ideas.commands import IdeaText, answer_idea, edit_idea, reopen_idea, submit_idea, withdraw_idea
from app.ideas.models import Idea
from app.ideas.queries import IdeaFilter, list_ideas
from app.kit import clock, counters
from app.kit.actor import GUEST
from app.kit.db import db, unit_of_work
from app.kit.drafts import save_draft
from app.kit.errors import DomainError
from app.kit.searching import search
from app.moderation.commands import decide, report
from app.moderation.models import Ground, Measure
from app.subjects.acts import Act
from app.subjects.queries import steps_of
from app.voting.commands import support, withdraw_support
from app.voting.queries import supported_by
from tests.client import PASSWORD, Client
from tests.factories.world import person
from tests.people import Cast

WRITERS = ("anton", "mara", "pia")
"""Anton is trusted; what Mara and Pia write or change waits for a moderator. Pia may delete her account."""
VOTERS = ("anton", "mara", "ruth", "ada", "pia")
COLLECTED_FOR = timedelta(days=10)
REOPENED_WITHIN = timedelta(days=30)
ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass
class Told:
    """What the model knows of an idea."""

    author: str
    state: str
    status: str = "submitted"
    was_public: bool = False
    withdrawn_at: datetime | None = None
    supporters: set[str] = field(default_factory=set)
    comments: dict[int, bool] = field(default_factory=dict)
    steps: list[str] = field(default_factory=lambda: ["idea_submitted"])

    @property
    def is_public(self) -> bool:
        return self.state == "published"

    @property
    def is_open(self) -> bool:
        """Whether its author may still change it."""
        return self.state in ("pending", "published") and self.status in ("submitted", "in_discussion")

    def publish(self) -> None:
        self.state = "published"
        if not self.was_public:
            self.was_public, self.status = True, "in_discussion"
            self.steps.append("idea_published")

    @property
    def seen_by_guests(self) -> int:
        """The status a guest's browser gets."""
        return 200 if self.is_public else 410 if self.was_public else 404


class Platform(RuleBasedStateMachine):
    """People at work on the ideas of one challenge: collected for ten days, voted on while a phase is open by hand."""

    app: Flask
    examples = count()
    ideas: Bundle[int] = Bundle("ideas")
    comments: Bundle[tuple[int, int, str]] = Bundle("comments")

    @initialize()
    def begin(self) -> None:
        """A challenge, and a word of its own that its ideas are found by."""
        self.told: dict[int, Told] = {}
        self.numbers = count()
        self.word = "Q" + "".join("bcdfghjklm"[int(digit)] for digit in f"{next(self.examples):09d}") + "x"
        self.began = self.now = clock.now()
        self.voting, self.pia_is_gone = False, False
        self.pia = f"pia-{self.word.lower()}"
        with self.at_work():
            add_person(email=f"{self.pia}@example.org", name="Pia Sander", password=PASSWORD)
            challenge = post_challenge(self.called(), by=person("anton"), moderate_new=False)
            today = clock.today()
            acts = frozenset({Act.SUBMIT, Act.EDIT})
            collect = PhaseText(kind="collect", first_day=today, last_day=today + COLLECTED_FOR, acts=acts)
            vote = PhaseText(kind="vote", by_hand=True, acts=frozenset({Act.SUPPORT}))
            save_phases(challenge, [collect, vote], by=person("ruth"))
            self.challenge_id = challenge.id
            self.vote_id = next(phase.id for phase in challenge.phases if phase.by_hand)
            self.ends_at = next(phase.ends_at for phase in challenge.phases if not phase.by_hand)

    def called(self) -> ChallengeText:
        return ChallengeText(title=f"Aufgabe {next(self.examples)}", summary="Kurz.", problem="Lang.")

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """One request of the platform, at the model's time."""
        with self.app.test_request_context(), clock.at(self.now), unit_of_work():
            yield

    def attempt(self, may: bool, act: Callable[[], Any]) -> Any:
        """Do something that is open, or see it refused."""
        if may:
            with self.at_work():
                return act()
        with pytest.raises(DomainError), self.at_work():
            act()
        return None

    @property
    def collecting(self) -> bool:
        assert self.ends_at is not None
        return self.now < self.ends_at

    def text(self, title: str) -> IdeaText:
        words = f"{self.word} {title}"
        return IdeaText(title=words, problem="Es fehlt etwas.", challenge_id=self.challenge_id)

    def by(self, who: str) -> Any:
        """Somebody as they are now."""
        return person(self.pia if who == "pia" else who)

    def is_here(self, who: str) -> bool:
        """Whether somebody still has an account."""
        return who != "pia" or not self.pia_is_gone

    @rule()
    def pia_deletes_her_account(self) -> None:
        """What she wrote and voted for stays as it is, without her name."""
        if not self.pia_is_gone:
            self.attempt(True, lambda: delete_account(self.by("pia"), by=self.by("pia")))
            self.pia_is_gone = True

    @rule(days=st.sampled_from([1, 4, 20]))
    def let_time_pass(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(opens=st.booleans())
    def turn_voting(self, opens: bool) -> None:
        turn = open_phase if opens else close_phase
        self.attempt(True, lambda: turn(db.session.get(Challenge, self.challenge_id), self.vote_id, by=person("ruth")))
        self.voting = opens

    @rule(who=st.sampled_from(WRITERS))
    def begin_a_draft(self, who: str) -> None:
        """It is nowhere to be seen."""
        if not self.is_here(who):
            return
        fields = [("title", f"{self.word} Entwurf"), ("challenge", str(self.challenge_id))]
        self.attempt(True, lambda: save_draft(fields, address="/ideas", title="Entwurf", by=self.by(who)))

    @rule(target=ideas, who=st.sampled_from(WRITERS))
    def submit(self, who: str) -> Any:
        title = f"Idee {next(self.numbers)}"
        if not self.is_here(who):
            return multiple()
        new = self.attempt(self.collecting, lambda: submit_idea(self.text(title), by=self.by(who)).id)
        if new is None:
            return multiple()
        self.told[new] = Told(who, "pending")
        if who == "anton":
            self.told[new].publish()
        return new

    @rule(idea=ideas)
    def approve(self, idea: int) -> None:
        told = self.told[idea]
        self.attempt(told.state == "pending", lambda: self.decided(idea, Measure.APPROVE))
        if told.state == "pending":
            told.publish()

    @rule(idea=ideas)
    def hide(self, idea: int) -> None:
        told = self.told[idea]
        if not told.is_public:
            return

        def reported() -> None:
            report(self.idea(idea), ground=Ground.RESPECT, text="Nein.", email="", by=GUEST)
            self.decided(idea, Measure.HIDE)

        self.attempt(True, reported)
        told.state = "hidden"

    @rule(idea=ideas)
    def show_again(self, idea: int) -> None:
        told = self.told[idea]
        if told.state == "hidden":
            self.attempt(True, lambda: self.decided(idea, Measure.RESTORE))
            told.publish()

    @rule(idea=ideas)
    def edit(self, idea: int) -> None:
        told = self.told[idea]
        may = told.is_open and self.collecting
        title = f"Idee {next(self.numbers)}"
        if not self.is_here(told.author):
            return
        self.attempt(may, lambda: edit_idea(self.idea(idea), self.text(title), by=self.by(told.author)))
        if may and told.author != "anton":
            told.state = "pending"

    @rule(idea=ideas)
    def withdraw(self, idea: int) -> None:
        told = self.told[idea]
        may = told.state in ("pending", "published") and told.status not in ("not_pursued", "realised", "project")
        if not self.is_here(told.author):
            return
        self.attempt(may, lambda: withdraw_idea(self.idea(idea), by=self.by(told.author), reason="Erledigt."))
        if may:
            told.state, told.withdrawn_at = "withdrawn", self.now

    @rule(idea=ideas)
    def reopen(self, idea: int) -> None:
        told = self.told[idea]
        may = told.state == "withdrawn" and self.now <= (told.withdrawn_at or self.now) + REOPENED_WITHIN
        if not self.is_here(told.author):
            return
        self.attempt(may, lambda: reopen_idea(self.idea(idea), by=self.by(told.author)))
        if may:
            told.state = "pending"

    @rule(idea=ideas, status=st.sampled_from(["under_review", "shortlisted", "not_pursued", "in_discussion"]))
    def answer(self, idea: int, status: str) -> None:
        told = self.told[idea]
        body = f"Antwort {next(self.numbers)}"
        self.attempt(told.is_public, lambda: answer_idea(self.idea(idea), body=body, status=status, by=person("ruth")))
        if told.is_public:
            told.status = status
            told.steps.append("idea_answered")

    @rule(idea=ideas, who=st.sampled_from(VOTERS))
    def give_support(self, idea: int, who: str) -> None:
        self.vote(idea, who, support)

    @rule(idea=ideas, who=st.sampled_from(VOTERS))
    def take_support_back(self, idea: int, who: str) -> None:
        self.vote(idea, who, withdraw_support)

    @rule(target=comments, idea=ideas, who=st.sampled_from(WRITERS))
    def comment(self, idea: int, who: str) -> Any:
        told = self.told[idea]
        body = f"Dazu {next(self.numbers)}"
        if not self.is_here(who):
            return multiple()
        new = self.attempt(told.is_public, lambda: write_comment(self.idea(idea), body, by=self.by(who)).id)
        if new is None:
            return multiple()
        told.comments[new] = who == "anton"
        return (idea, new, who)

    @rule(which=comments)
    def delete_a_comment(self, which: tuple[int, int, str]) -> None:
        idea, comment, who = which
        comments = self.told[idea].comments
        if comment in comments and self.is_here(who):
            self.attempt(True, lambda: delete_comment(db.session.get(Comment, comment), by=self.by(who)))
            del comments[comment]

    @invariant()
    def every_way_to_look_agrees(self) -> None:
        if not hasattr(self, "told"):
            return
        public = {idea for idea, told in self.told.items() if told.is_public}
        with self.at_work():
            for idea, told in self.told.items():
                self.row_agrees(self.idea(idea), told)
            wanted = IdeaFilter(challenge_id=self.challenge_id)
            for sort in ("newest", "supported", "discussed", "active", "fair"):
                assert {one.id for one in list_ideas(wanted, sort=sort).items} == public, sort
            assert {hit.subject_id for hit in search(self.word)} == public
            challenge = db.session.get(Challenge, self.challenge_id)
            assert challenge is not None
            assert challenge.ideas_count == len(public)
        self.pages_agree(public)

    def row_agrees(self, row: Idea, told: Told) -> None:
        assert (row.state, row.status) == (told.state, told.status)
        assert row.supporters_count == len(told.supporters)
        assert row.comments_count == sum(told.comments.values())
        for who in filter(self.is_here, VOTERS):
            assert (row.id in supported_by(self.by(who), [row.id])) == (who in told.supporters)
        assert [step.name for step in steps_of([row.id]) if step.name != "idea_withdrawn"] == told.steps

    def pages_agree(self, public: set[int]) -> None:
        with clock.at(self.now):
            guest = self.app.test_client()
            assert isinstance(guest, Client)
            feed = etree.fromstring(guest.get(f"/ideas.atom?challenge={self.challenge_id}").data)
            links = [entry.findtext(f"{ATOM}id") or "" for entry in feed.findall(f"{ATOM}entry")]
            assert {int(link.rpartition("/")[2]) for link in links} == public
            for idea, told in list(self.told.items())[-2:]:
                assert guest.get(f"/ideas/{idea}", follow_redirects=True).status_code == told.seen_by_guests

    def teardown(self) -> None:
        with self.app.test_request_context(), unit_of_work(writes=False):
            assert counters.differences() == []

    def vote(self, idea: int, who: str, act: Callable[..., None]) -> None:
        told = self.told[idea]
        may = told.is_public and told.status not in ("not_pursued", "realised") and self.voting
        if not self.is_here(who):
            return
        self.attempt(may, lambda: act(self.idea(idea), by=self.by(who)))
        if may:
            (told.supporters.add if act is support else told.supporters.discard)(who)

    def decided(self, idea: int, measure: Measure) -> None:
        ground = Ground.RESPECT if measure is Measure.HIDE else Ground.NONE
        decide(self.idea(idea), measure=measure, ground=ground, facts="Der Ton.", by=person("ruth"))

    def idea(self, idea: int) -> Idea:
        found = db.session.get(Idea, idea)
        assert found is not None
        return found


def test_whatever_people_do_everything_agrees(app: Flask, cast: Cast) -> None:
    class Here(Platform):
        pass

    Here.app = app
    health = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    few = settings(
        max_examples=12,
        stateful_step_count=25,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=health,
    )
    run_state_machine_as_test(Here, settings=few)
