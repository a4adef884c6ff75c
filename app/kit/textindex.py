"""Search text: German stems in one document per subject; FTS5 on SQLite, tsvector on PostgreSQL.

Words are lower-cased, stemmed (Snowball German) and folded (ä→a, ß→ss by the stemmer), so both
databases only compare prefixes of plain ASCII stems and find the same. Candidates are capped
(newest few hundred) before they are ranked: words in the title first, newer first.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import snowballstemmer
from sqlalchemy import ForeignKey, delete, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.db import Base, db, is_sqlite
from app.kit.inserting import insert_or_update

CANDIDATES = 400
MAX_WORDS = 8
WORD = re.compile(r"[^\W_]+")
ACCENTS = str.maketrans("äöüáàâéèêíìîóòôúùûñçčšžřěåø", "aouaaaeeeiiiooouuunccszreao")
STOP_WORDS = frozenset(
    "aber als am an auch auf aus bei bin bis da das dass dem den der des die doch du ein eine einem einen einer eines "
    "er es für hat ich ihr im in ist ja man mit nach nicht noch nur oder sich sie sind so um und uns vom von vor war "
    "was wenn wer wie wir zu zum zur über the a of and to in is for on".split()
)
_stemmer = snowballstemmer.stemmer("german")


class Document(Base):
    """What can be found of one public subject: its stems, and when it was published."""

    __tablename__ = "documents"

    subject_id: Mapped[int] = mapped_column(ForeignKey("subjects.id"), primary_key=True, autoincrement=False)
    kind: Mapped[str]
    title: Mapped[str]
    body: Mapped[str]
    at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Hit:
    """A subject that was found."""

    subject_id: int
    kind: str
    at: datetime


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The folded German stem of one word."""
    return str(_stemmer.stemWord(word.lower().replace("ß", "ss"))).translate(ACCENTS)


def stems(words: str) -> list[str]:
    """The stems of a text in order, without stop words."""
    return [stem(word) for word in WORD.findall(words) if word.lower() not in STOP_WORDS]


def put(subject_id: int, kind: str, *, title: str, body: str, at: datetime) -> None:
    """Make a subject findable, or renew what is found of it; in the writer's transaction."""
    values = {
        "subject_id": subject_id,
        "kind": kind,
        "title": " ".join(stems(title)),
        "body": " ".join(stems(body)),
        "at": at,
    }
    insert_or_update(Document, unique=["subject_id"], values=values)


def remove(subject_id: int) -> None:
    """Make a subject unfindable at once."""
    db.session.execute(delete(Document).where(Document.subject_id == subject_id))


def search(query: str, *, kinds: Collection[str] = ()) -> Sequence[Hit]:
    """The newest 400 subjects with all words of the query (or words that begin so), best first."""
    wanted = list(dict.fromkeys(stems(query)))[:MAX_WORDS]
    if not wanted:
        return []
    found = select(Document).where(Document.subject_id.in_(_matching(wanted)))
    if kinds:
        found = found.where(Document.kind.in_(kinds))
    rows = db.session.scalars(found.order_by(Document.at.desc(), Document.subject_id.desc())).all()
    ranked = sorted(rows, key=lambda row: _title_hits(row, wanted), reverse=True)
    return [Hit(row.subject_id, row.kind, row.at) for row in ranked]


def matches(word: str, query_stems: Sequence[str]) -> bool:
    """Whether a word of a text is one the query asked for."""
    return stem(word).startswith(tuple(query_stems)) if query_stems else False


def _matching(wanted: Sequence[str]) -> list[int]:
    if is_sqlite():
        statement = "SELECT rowid FROM documents_fts WHERE documents_fts MATCH :query ORDER BY rowid DESC LIMIT :most"
        query = " ".join(f'"{word}"*' for word in wanted)
    else:
        found = "SELECT subject_id FROM documents WHERE words @@ to_tsquery('simple', :query)"
        statement = f"{found} ORDER BY subject_id DESC LIMIT :most"
        query = " & ".join(f"{word}:*" for word in wanted)
    return list(db.session.scalars(text(statement), {"query": query, "most": CANDIDATES}))


def _title_hits(row: Document, wanted: Sequence[str]) -> int:
    title = row.title.split()
    return sum(any(word.startswith(stem_) for word in title) for stem_ in wanted)
