"""Challenges for tests: posted by Anton, with phases of any days."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.accounts.models import User
from app.challenges import commands
from app.challenges.commands import PhaseText
from app.challenges.models import DEFAULT_ACTS, Challenge, PhaseKind
from app.ideas.commands import submit_idea
from app.ideas.models import Idea
from app.kit import clock
from app.kit.db import db
from app.subjects.acts import Act
from tests.factories.world import challenge_text, idea_text, person

BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    """A moment in Berlin: `at("2027-03-12 14:00")`."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def the(challenge_id: int) -> Challenge:
    """The challenge as it stands."""
    return db.session.get_one(Challenge, challenge_id)


def a_challenge(title: str = "Warten im Regen", *, by: User | None = None, **more: object) -> Challenge:
    """A public challenge."""
    return commands.post_challenge(challenge_text(title, **more), by=by or person("anton"))


def a_phase(kind: str, first: date | None = None, last: date | None = None, **more: object) -> PhaseText:
    """A phase with the acts that are usual for its kind."""
    acts: frozenset[Act] = DEFAULT_ACTS[PhaseKind(kind)]
    return PhaseText(kind=kind, first_day=first, last_day=last, **({"acts": acts} | more))  # type: ignore[arg-type]


def in_days(number: int) -> date:
    """A day from today on, in the operator's zone."""
    return clock.today() + timedelta(days=number)


def an_answer(challenge: Challenge, title: str = "Ein Dach", *, by: User | None = None) -> Idea:
    """A public idea for a challenge."""
    return submit_idea(idea_text(title, challenge_id=challenge.id), by=by or person("anton"))
