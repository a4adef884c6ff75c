"""Activities: frozen facts in the past tense, written in the transaction that makes them true.

`@within(IdeaPublished)` listeners run in that transaction (counters, index documents);
`@after(IdeaPublished)` listeners run from the job runner, at least once, each on its own row.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, TypeVar

from app.kit import clock
from app.subjects.models import ActivityRow

A = TypeVar("A", bound="Activity")
Listener = Callable[[Any], None]


@dataclass(frozen=True, kw_only=True)
class Activity:
    """A fact about one subject. `actor_id` is 0 where the platform itself acted.

    `organisation_id` is the organisation the person acted for, 0 if they acted for themselves.

    Subclasses give their stable name, and how people are told of it:
    `class IdeaSubmitted(Activity, name="idea_submitted", public=True, colour="idea", icon="lightbulb",
    step=_l("Eingereicht"), sentence=_l("hat eine Idee eingereicht"))`.
    A fact with a `step` is a dated step of the journey, a public one with a `sentence` stands in the timeline.
    """

    name: ClassVar[str] = ""
    is_public: ClassVar[bool] = False
    colour: ClassVar[str] = "quiet"
    icon: ClassVar[str] = "clock"
    step: ClassVar[Any] = ""
    sentence: ClassVar[Any] = ""

    subject_id: int
    actor_id: int
    at: datetime = field(default_factory=clock.now)
    row_id: int = 0
    organisation_id: int = 0

    def __init_subclass__(cls, *, name: str, public: bool = False, **look: Any) -> None:
        if name in _kinds and _kinds[name].__qualname__ != cls.__qualname__:
            raise ValueError(f"two activities are called {name}")
        cls.name, cls.is_public = name, public
        for key, value in look.items():
            setattr(cls, key, value)
        _kinds[name] = cls

    @property
    def step_title(self) -> str:
        """The heading of this fact in a journey; empty for one that is no step."""
        return str(self.step)

    @property
    def why(self) -> str:
        """The reason given with this fact, if any."""
        return ""

    def speaker(self, things: Mapping[int, Any]) -> str:
        """The name people read: the organisation's somebody acted for, else the person's; "" if neither is known."""
        known = things.get(self.organisation_id) or things.get(self.actor_id)
        return str(known.name) if known else ""

    @classmethod
    @cache
    def _own_names(cls) -> tuple[str, ...]:
        common = {one.name for one in fields(Activity)}
        return tuple(one.name for one in fields(cls) if one.name not in common)

    def own_facts(self) -> dict[str, Any]:
        """What the fact says beyond subject, person and time."""
        facts = {name: getattr(self, name) for name in self._own_names()}
        return facts | ({"organisation_id": self.organisation_id} if self.organisation_id else {})


_kinds: dict[str, type[Activity]] = {}
_within: dict[str, list[Listener]] = defaultdict(list)
_after: dict[str, dict[str, Listener]] = defaultdict(dict)


def within(kind: type[A]) -> Callable[[Listener], Listener]:
    """Listen in the writer's own transaction: fast database work only."""

    def add(listener: Listener) -> Listener:
        if listener not in _within[kind.name]:
            _within[kind.name].append(listener)
        return listener

    return add


def after(kind: type[A]) -> Callable[[Callable[[A], None]], Callable[[A], None]]:
    """Listen from the job runner after the commit. The listener's name is kept: renaming loses deliveries."""

    def add(listener: Callable[[A], None]) -> Callable[[A], None]:
        _after[kind.name][f"{listener.__module__}.{listener.__name__}"] = listener
        return listener

    return add


def listeners_within(activity: Activity) -> list[Listener]:
    return _within[activity.name]


def listeners_after(activity_name: str) -> dict[str, Listener]:
    return _after[activity_name]


def from_row(row: ActivityRow) -> Activity | None:
    """The fact a row holds; None for a name only an older release knew."""
    kind = _kinds.get(row.name)
    if kind is None:
        return None
    known = {f.name for f in fields(kind)}
    facts = {key: value for key, value in row.facts.items() if key in known}
    return kind(subject_id=row.subject_id, actor_id=row.actor_id or 0, at=row.at, row_id=row.id, **facts)


def step_names() -> list[str]:
    """The names of all facts that are steps of a journey."""
    return [name for name, kind in _kinds.items() if kind.step]


def sentence_names() -> list[str]:
    """The names of all public facts the timeline tells."""
    return [name for name, kind in _kinds.items() if kind.is_public and kind.sentence]
