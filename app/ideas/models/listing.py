"""What lists of ideas filter and sort by, so that any of them costs the same at a hundred thousand ideas.

Each list is a range of one index, read in its order until the page is full: for no filter, for each filter, and for a
challenge with each other filter, there is an index for each sort key. They hold public ideas only. A filter that means
several values of its column (a district with its municipalities, a status, a need) merges as many ranges.

Planners may not choose another index and look at many rows in vain (all of a challenge's ideas may be old): the lists
of each set of filters have a sign, a condition that always holds, and their indexes serve statements that name it.

What is counted, and when an idea last changed, are not sorted by themselves but by what they were when the lists were
last put in order (`app/ideas/commands/order.py`): a vote would write to ten indexes at once, a comment to twenty, which
took many times as long as the counting itself.

Stage, status and author kind share one column, `profile`: 3 × 5 × 7 codes. What needs are asked for is a sum of
powers of two: 16 values.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, Index, TextClause, case, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.ideas.models.states import AuthorKind, IdeaStage, IdeaStatus, Need
from app.kit import clock
from app.kit.base import Base

LISTED = {"supporters_count": "listed_supporters", "comments_count": "listed_comments", "changed_at": "listed_change"}
SORT_KEYS = ("published_at", *LISTED.values(), "fair_rank")
FILTERS = ("challenge_id", "topic_id", "place_id", "profile", "needs")
SETS = ((), *((name,) for name in FILTERS), *(("challenge_id", name) for name in FILTERS[1:]))
NEVER = text("'1970-01-01 00:00:00.000000'")
KINDS, STAGES, STATUSES = tuple(AuthorKind), tuple(IdeaStage), tuple(IdeaStatus)


def listing_indexes() -> Iterator[Index]:
    """The index of every list: its filters, its sort key, the id."""
    for filters, key in product(SETS, SORT_KEYS):
        columns, where = (*filters, key, "id"), listed(filters)
        yield Index(f"ix_ideas_{'_'.join(columns)}", *columns, postgresql_where=where, sqlite_where=where)


def listed(filters: Iterable[str]) -> TextClause:
    """What a statement says to read the lists of a set of filters: public, and the sign of the set."""
    return text(f"state = 'published' AND id <> -{SETS.index(tuple(filters)) + 1}")


def profile_of(organisation_id: int | None, author_id: int | None, stage: str | None, status: str | None) -> int:
    """The code of who stands behind an idea, how far it is and where it stands."""
    kind = AuthorKind.ORGANISATION if organisation_id else AuthorKind.PERSON if author_id else AuthorKind.BROUGHT
    return _code(kind, IdeaStage(stage or ""), IdeaStatus(status or IdeaStatus.SUBMITTED))


def profiles_with(*, kind: str = "", stage: str = "", status: str = "") -> list[int]:
    """The codes of every profile with these; an empty one may be anything."""
    return [
        _code(*parts)
        for parts in product(KINDS, STAGES, STATUSES)
        if parts[0] == (kind or parts[0]) and parts[1] == (stage or parts[1]) and parts[2] == (status or parts[2])
    ]


def needs_with(need: Need) -> list[int]:
    """Every sum that this need is part of."""
    return [mask for mask in range(1, sum(Need) + 1) if mask & need]


def profile_sql() -> ColumnElement[int]:
    """The code, computed by the database: for checking, and for rows of before."""
    stages = case(*_numbered("stage", STAGES), else_=0)
    statuses = case(*_numbered("status", STATUSES), else_=0)
    kinds: ColumnElement[int] = literal_column(
        f"CASE WHEN ideas.organisation_id IS NOT NULL THEN {KINDS.index(AuthorKind.ORGANISATION)} "
        f"WHEN ideas.author_id IS NOT NULL THEN {KINDS.index(AuthorKind.PERSON)} "
        f"ELSE {KINDS.index(AuthorKind.BROUGHT)} END"
    )
    return (kinds * len(STAGES) + stages) * len(STATUSES) + statuses


def _like(name: str, otherwise: Callable[[], Any]) -> Any:
    """A column's default: what another one is given."""
    return lambda context: context.get_current_parameters().get(name) or otherwise()


class Listed:
    """The columns made for lists; `profile` follows what it is made of, whoever sets that.

    `fair_rank`: its place in the fair order, dense, renewed daily (`app/ideas/commands/fairness.py`).
    `listed_supporters`, `listed_comments`, `listed_change`: what lists sort by (`LISTED`). They are right at once where
    an idea itself is set; behind the counters, which are added to past it, they follow soon.
    """

    stage: Mapped[str] = mapped_column(default="", server_default="")
    needs: Mapped[int] = mapped_column(default=0, server_default="0")
    profile: Mapped[int] = mapped_column(
        default=lambda context: _profile_of_values(context.get_current_parameters()), server_default="0"
    )
    fair_rank: Mapped[int] = mapped_column(default=0, server_default="0")
    listed_supporters: Mapped[int] = mapped_column(default=_like("supporters_count", int), server_default="0")
    listed_comments: Mapped[int] = mapped_column(default=_like("comments_count", int), server_default="0")
    listed_change: Mapped[datetime] = mapped_column(default=_like("changed_at", clock.now), server_default=NEVER)

    @validates(*LISTED)
    def keep_listed(self, name: str, value: Any) -> Any:
        """Set what is counted, and what is sorted by with it."""
        setattr(self, LISTED[name], value)
        return value

    @validates("organisation_id", "author_id", "stage", "status")
    def keep_profile(self, name: str, value: Any) -> Any:
        """Set one of the parts of the profile, and the profile with it."""
        parts = {part: getattr(self, part) for part in ("organisation_id", "author_id", "stage", "status")}
        self.profile = _profile_of_values(parts | {name: value})
        return value

    @property
    def author_kind(self) -> AuthorKind:
        """Who stands behind it."""
        return KINDS[self.profile // len(STATUSES) // len(STAGES)]


class FairOrder(Base):
    """One mixing of the fair order; the latest counts. Until it is finished, some ranks are still those of before."""

    __tablename__ = "fair_orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(unique=True)
    began_at: Mapped[datetime] = mapped_column(default=clock.now)
    """Or when whoever mixes was last at it."""
    finished_at: Mapped[datetime | None]


def _code(kind: AuthorKind, stage: IdeaStage, status: IdeaStatus) -> int:
    return (KINDS.index(kind) * len(STAGES) + STAGES.index(stage)) * len(STATUSES) + STATUSES.index(status)


def _numbered(column: str, words: tuple[Any, ...]) -> list[Any]:
    return [(literal_column(f"ideas.{column}") == word.value, place) for place, word in enumerate(words)]


def _profile_of_values(values: dict[str, Any]) -> int:
    return profile_of(*(values.get(name) for name in ("organisation_id", "author_id", "stage", "status")))
