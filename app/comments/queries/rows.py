"""Comments as pages show them: plain rows of one statement, with the names of a comment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from app.accounts.models import User, shown_name
from app.attachments.models import Picture
from app.attachments.queries import first_picture
from app.comments.models import Authored, Comment, CommentOrigin
from app.kit.fetching import Together
from app.organisations.models import SPEAKER, Organisation, Speaker


@dataclass(frozen=True, slots=True)
class Brought:
    """Where it was imported from, and the votes it brought along."""

    system: str
    up: int
    down: int


@dataclass(slots=True)
class Said(Authored):
    """A comment. `author_label`: the name shown; `writer`: the person's, `handle` where they have a page.

    `total`: how many public replies its thread has, where that was asked.
    """

    id: int
    thread_id: int
    parent_id: int | None
    author_id: int | None
    body: str
    state: str
    created_at: datetime
    trusted: bool
    total: int
    author_label: str
    writer: str
    handle: str
    voice: Speaker | None
    origin: Brought | None

    kind = "comment"


_SAID = (
    Comment.id,
    Comment.thread_id,
    Comment.parent_id,
    Comment.author_id,
    Comment.body,
    Comment.state,
    Comment.created_at,
    User.trusted,
)
_WHO = (Comment.author_name, User.own_name, User.handle, User.deleted_at)
_ORIGIN = (CommentOrigin.system, CommentOrigin.up, CommentOrigin.down)
_WHO_FROM = len(_SAID) + 1
_SPEAKER_FROM = _WHO_FROM + len(_WHO) + len(_ORIGIN)


def said_of(which: Any) -> Together:
    """The comments that a select names by `id` and counts by `total`: made once, asked many times."""
    chosen = which.subquery()
    columns = (*_SAID, chosen.c.total, *_WHO, *_ORIGIN, *(one.label(f"speaker_{n}") for n, one in enumerate(SPEAKER)))
    found = select(*columns).select_from(chosen).join(Comment, Comment.id == chosen.c.id)
    return Together({"comments": _joined(found)})


def _joined(found: Select[Any]) -> Select[Any]:
    return (
        found.outerjoin(User, User.id == Comment.author_id)
        .outerjoin(CommentOrigin, CommentOrigin.comment_id == Comment.id)
        .outerjoin(Organisation, Organisation.id == Comment.organisation_id)
        .outerjoin(Picture, Picture.id == first_picture(Organisation.id))
        .order_by(Comment.created_at, Comment.id)
    )


def ask(statement: Together, **values: Any) -> list[Said]:
    """The comments, oldest first."""
    return read(statement, ask_for_text(statement, **values))


def ask_for_text(statement: Together, **values: Any) -> str:
    """The comments as the text they come in: the same as long as nothing about them changes."""
    return statement.texts(values)["comments"]


def read(statement: Together, text: str) -> list[Said]:
    found = map(_said, statement.read({"comments": text})["comments"])
    return sorted(found, key=lambda one: (one.created_at, one.id))


def _said(row: list[Any]) -> Said:
    author_name, own_name, handle, deleted_at, system, up, down = row[_WHO_FROM:_SPEAKER_FROM]
    writer = author_name if own_name is None else shown_name(own_name, deleted_at)
    voice = Speaker.of(row[_SPEAKER_FROM:])
    shown = [
        voice.name if voice else writer,
        writer if own_name is not None else "",
        handle if handle and not deleted_at else "",
        voice,
        Brought(system, up, down) if system is not None else None,
    ]
    return Said(*row[:_WHO_FROM], *shown)
