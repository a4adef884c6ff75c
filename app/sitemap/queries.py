"""What is public, by ranges of ids."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app.challenges.models import Challenge
from app.ideas.models import Idea
from app.kit.db import db
from app.organisations.models import Organisation
from app.projects.models import Project

# All ids come from one row of numbers (subjects), so a part holds at most this many addresses; 50,000 are allowed
# (https://www.sitemaps.org/protocol.html).
SIZE = 20_000
PUBLISHED = "published"
KINDS = (Challenge, Idea, Project, Organisation)


@dataclass(frozen=True, slots=True)
class Entry:
    """A public thing: of which kind, its id and the readable part of its address."""

    kind: str
    id: int
    slug: str


def parts() -> list[int]:
    """The numbers of the parts that name something. A few steps along the keys for each: nothing is counted."""
    return sorted({number for model in KINDS for number in _parts_of(model)})


def entries(number: int) -> Sequence[Entry]:
    """What is public in a part, by kind and id. Four ranges of the primary keys."""
    found: list[Entry] = []
    for model in KINDS:
        within = (model.id >= number * SIZE) & (model.id < (number + 1) * SIZE)
        rows = db.session.execute(
            select(model.id, model.slug).where(within, model.state == PUBLISHED).order_by(model.id)
        )
        found += [Entry(model.kind, row.id, row.slug) for row in rows]
    return found


def _parts_of(model: type[Challenge] | type[Idea] | type[Project] | type[Organisation]) -> list[int]:
    numbers: list[int] = []
    start = 0
    while True:
        first = select(func.min(model.id)).where(model.state == PUBLISHED, model.id >= start)
        found = db.session.scalar(first)
        if found is None:
            return numbers
        numbers.append(found // SIZE)
        start = (numbers[-1] + 1) * SIZE
