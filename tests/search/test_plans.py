"""With thousands of ideas the search stays quick: what it asks of the databases, and what that costs.

`python -m tests.bench.search_load` measures the whole server at 100,000.
"""

import time
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from app.kit import matching, offers
from app.kit.clauses import Clause
from app.kit.db import db, is_sqlite, unit_of_work
from app.kit.frequency import Counts, counts_of
from app.kit.matching import CANDIDATES
from app.kit.searching import Search
from tests.factories import corpus

IDEAS = 3000
SEARCHES = (
    "Straße",
    "Radweg",
    "ampel",
    "Kinder Straße",
    "Hilfe Verein Raum",
    "„Menschen Stadt“",
    "radwge",
    "quietschomat",
)
SECONDS = 0.15


@pytest.fixture
def many(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        corpus.seed(IDEAS)
        if not is_sqlite():
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
        with unit_of_work(writes=False):
            yield


def plan(words: str, counts: Counts | None = None) -> str:
    """How the database finds the newest documents with a word."""
    clauses = [Clause(((words,),))]
    found, values = matching.source(clauses, 301, counts=counts or counts_of(clauses))
    explain = "EXPLAIN QUERY PLAN" if is_sqlite() else "EXPLAIN"
    return "\n".join(str(row[-1]) for row in db.session.execute(text(f"{explain} {found}"), values))


def test_thousands_of_ideas_are_searched_by_index_and_in_time(many: None) -> None:
    if is_sqlite():
        assert "VIRTUAL TABLE INDEX" in plan("woll")
        assert "TEMP B-TREE" not in plan("woll")
    else:
        assert "ix_documents_words" in plan("moorwander")
        blocks = plan("moorwander", Counts({"moorwander": 9000}, 9000, 900_000))
        assert "AND (ARRAY[((subject_id >> 10) * 4), " in blocks.split("ix_documents_words", 1)[1]
        assert "One-Time Filter" in blocks
    for words in SEARCHES:
        quickest = min(_seconds(words) for _ in range(3))
        assert quickest < SECONDS, f"{words}: {quickest * 1000:.0f} ms"


def test_what_is_found_is_what_holds_the_words(many: None) -> None:
    """The index agrees with a plain look at every text."""
    rows = db.session.execute(text("SELECT subject_id, title, body FROM documents")).all()
    for words, stems in (
        ("Solardach", ["solardach"]),
        ("Bienenkarte", ["bienenkart"]),
        ("Garten Schule", ["gart", "schul"]),
    ):
        whole = {row.subject_id for row in rows if all(one in f"{row.title} {row.body}".split() for one in stems)}
        assert whole <= {hit.subject_id for hit in Search(words).hits().items} or len(whole) > CANDIDATES
        assert whole <= {row.subject_id for row in db.session.execute(Search(words).all_ids("idea"))}


def _seconds(words: str) -> float:
    began = time.process_time()
    hits = Search(words).hits()
    offers.did_you_mean(words, found=len(hits.items))
    offers.suggestions(words)
    return time.process_time() - began
