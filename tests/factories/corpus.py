"""Many ideas in German that nobody wrote: words of our own, compounds made of them, always the same ones.

How often words are used falls with their rank (Zipf 1935), as in real texts: a few are in every tenth idea, most
in a handful. `seed(ideas=100_000)` writes real rows: subjects, ideas, documents and the vocabulary.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select

from app.ideas.commands import index
from app.ideas.models import Idea, IdeaState, IdeaStatus
from app.kit import textindex, vocabulary
from app.kit.db import db, unit_of_work
from app.kit.text import slugify
from app.places.models import Place
from app.seeding.commands.words import lexicon
from app.subjects.models import Subject
from app.topics.models import Topic

BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
BATCH = 1000


def texts(number: int, seed: int = 7) -> Iterator[tuple[str, str]]:
    """Titles and problems."""
    dice = random.Random(seed)
    book = lexicon(dice)
    for _ in range(number):
        words = book.some(dice, 46)
        title = f"{words[0]} und {words[1]} für {words[2]}" if dice.random() < 0.7 else f"{words[0]}: {words[1]}"
        sentences = [" ".join(words[start : start + 8]) for start in range(3, 43, 8)]
        yield title, ". ".join(f"Wir wollen {sentence} und das in der Nähe" for sentence in sentences) + "."


def seed(ideas: int) -> None:
    """Write ideas into an empty database that has places and topics."""
    source, dice = texts(ideas), random.Random(11)
    with unit_of_work(writes=False):
        topics = list(db.session.scalars(select(Topic.id).order_by(Topic.id)))
        places = list(db.session.scalars(select(Place.id).order_by(Place.ags)))
    for start in range(0, ideas, BATCH):
        with unit_of_work():
            _write([next(source) for _ in range(min(BATCH, ideas - start))], start, topics, places, dice)
    vocabulary.recount()


def _write(batch: list[tuple[str, str]], start: int, topics: list[int], places: list[int], dice: random.Random) -> None:
    anchors = [Subject(kind="idea") for _ in batch]
    db.session.add_all(anchors)
    db.session.flush()
    rows = []
    for number, (anchor, (title, problem)) in enumerate(zip(anchors, batch, strict=True), start):
        at = BEGAN + timedelta(minutes=20 * number)
        moments = {"submitted_at": at, "published_at": at, "changed_at": at}
        where = {"topic_id": dice.choice(topics), "place_id": dice.choice(places)}
        state = {"state": IdeaState.PUBLISHED.value, "status": IdeaStatus.IN_DISCUSSION.value}
        words = {"title": title, "slug": slugify(title), "problem": problem, "summary": problem[:120]}
        rows.append({"id": anchor.id, "supporters_count": dice.randrange(300), **words, **state, **where, **moments})
    db.session.execute(insert(Idea), rows)
    with textindex.in_bulk():
        for idea in db.session.scalars(select(Idea).where(Idea.id.in_([row["id"] for row in rows]))):
            index(idea)
