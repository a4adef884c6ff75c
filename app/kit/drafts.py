"""Server drafts: what somebody typed, kept until it is sent.

Two uses: a form that saves itself while a member writes, and a guest's post that waits while they
sign in. A draft is plain form data under a random token; whoever holds the token, or is the owner
once there is one, may read it.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, has_request_context, session, url_for
from flask_babel import gettext as _
from sqlalchemy import JSON, Index, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from app.kit import clock, jobs, personal_data
from app.kit.actor import Actor
from app.kit.db import Base, command, db, unit_of_work
from app.kit.errors import Invalid, NotFound

KEPT = timedelta(days=60)
MAX_CHARACTERS = 200_000
HELD, HELD_AT_MOST = "drafts", 5
NOT_KEPT = "picture_not_kept"
SECRET_FIELDS = ("csrf_token", "password", "password_confirm", "new_password", "new_password_confirm", "draft_token")
Fields = list[tuple[str, str]]


class Draft(Base):
    """Form data waiting: `address` is where it is sent, `fields` the pairs of name and text."""

    __tablename__ = "drafts"
    __table_args__ = (
        Index("ix_drafts_person_id_saved_at", "person_id", "saved_at"),
        Index("ix_drafts_saved_at", "saved_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int | None]
    address: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    fields: Mapped[list[list[str]]] = mapped_column(JSON)
    saved_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    @property
    def values(self) -> MultiDict[str, str]:
        """The fields as a form would receive them."""
        return MultiDict([(name, value) for name, value in self.fields if name != NOT_KEPT])

    @property
    def lacks_picture(self) -> bool:
        """Whether a picture was chosen that could not be kept."""
        return any(name == NOT_KEPT for name, _value in self.fields)


_form_pages: dict[str, str] = {}


def go_on_at(address: str, endpoint: str) -> None:
    """Register the page on which a draft for `address` is gone on with; it takes the token as `draft`.

    Args:
        address: a fixed one ("/ideas"), or the endpoint that takes the form ("ideas.update"); the page then has the
            same values in its address.
    """
    _form_pages[address] = endpoint


def form_page_of(draft: Draft) -> str | None:
    """The address on which its owner goes on with a draft; None where it can only be sent."""
    if not draft.person_id:
        return None
    if draft.address in _form_pages:
        return url_for(_form_pages[draft.address], draft=draft.token)
    try:
        endpoint, values = current_app.url_map.bind("localhost").match(draft.address, method="POST")
    except HTTPException:
        return None
    return url_for(_form_pages[endpoint], **values, draft=draft.token) if endpoint in _form_pages else None


def page_of(draft: Draft, *, anchor: str = "") -> str:
    """The address on which its owner goes on with a draft, or from which it can be sent."""
    page = form_page_of(draft)
    if page is None:
        return url_for("drafts.resume", token=draft.token)
    return f"{page}#{anchor}" if anchor else page


def typed_fields(form: MultiDict[str, str]) -> Fields:
    """What a person typed, without secrets and tokens."""
    return [(name, value) for name, value in form.items(multi=True) if name not in SECRET_FIELDS]


def without_files(fields: Fields, files: MultiDict[str, Any]) -> Fields:
    """The fields a guest sent, with a note if a picture came along: files of people we do not know are not kept."""
    return [*fields, (NOT_KEPT, "1")] if any(file.filename for file in files.values()) else fields


def draft_for(actor: Actor, token: str | None) -> Draft:
    """The draft of a token, for its owner, or for anyone with the token while it has none.

    Raises:
        NotFound: no such draft for this person.
    """
    draft = db.session.scalars(select(Draft).where(Draft.token == token)).first() if token else None
    if draft is None or draft.person_id not in (None, actor.id):
        raise NotFound
    if draft.person_id is None and draft.token not in held():
        raise NotFound  # a guest's draft opens in the browser it was written in, not for whoever has the link
    return draft


def held() -> list[str]:
    """The tokens of drafts written in this browser before signing in, oldest first."""
    return list(session.get(HELD, [])) if has_request_context() else []


def hold(token: str) -> None:
    """Remember in this browser's session that a draft was written here."""
    session[HELD] = [*held(), token][-HELD_AT_MOST:]


@command
def adopt(person_id: int) -> None:
    """Give the drafts of this browser to the person who has just registered here."""
    mine = update(Draft).where(Draft.token.in_(held()), Draft.person_id.is_(None))
    db.session.execute(mine.values(person_id=person_id))


def drafts_of(actor: Actor) -> Sequence[Draft]:
    """A member's drafts, newest first; a hundred at most."""
    own = select(Draft).where(Draft.person_id == actor.id).order_by(Draft.saved_at.desc()).limit(100)
    return db.session.scalars(own).all()


def newest_of(actor: Actor, tokens: Sequence[str]) -> Draft | None:
    """The newest of these drafts that this person may read."""
    readable = Draft.person_id.is_(None) | (Draft.person_id == actor.id)
    found = select(Draft).where(Draft.token.in_(tokens), readable).order_by(Draft.saved_at.desc())
    return db.session.scalars(found.limit(1)).first() if tokens else None


@command
def save_draft(fields: Fields, *, address: str, title: str, by: Actor, token: str | None = None) -> Draft:
    """Keep the fields under `token`, or under a new one if that is unknown or not this person's.

    Raises:
        Invalid: longer than 200,000 characters in all.
    """
    if sum(len(name) + len(value) for name, value in fields) > MAX_CHARACTERS:
        raise Invalid(_("Der Entwurf ist zu lang."))
    try:
        draft = draft_for(by, token)
    except NotFound:
        draft = Draft(token=secrets.token_urlsafe(24), person_id=by.id or None)
        db.session.add(draft)
    draft.person_id = draft.person_id or by.id or None
    draft.address, draft.title, draft.saved_at = address, title[:200], clock.now()
    draft.fields = [list(pair) for pair in fields]
    db.session.flush()
    return draft


@command
def discard_draft(token: str | None, *, by: Actor) -> None:
    """Forget a draft; one that is gone already is fine."""
    if token:
        db.session.execute(
            delete(Draft).where(Draft.token == token, Draft.person_id.is_(None) | (Draft.person_id == by.id))
        )


@jobs.daily
def discard_old_drafts() -> None:
    """Forget drafts nobody has touched for 60 days."""
    with unit_of_work():
        db.session.execute(delete(Draft).where(Draft.saved_at < clock.now() - KEPT))


def _export(person_id: int) -> list[dict[str, Any]]:
    rows = db.session.scalars(select(Draft).where(Draft.person_id == person_id).order_by(Draft.id))
    return [{"title": row.title, "saved_at": row.saved_at.isoformat(), "fields": row.fields} for row in rows]


def _forget(person_id: int) -> None:
    db.session.execute(delete(Draft).where(Draft.person_id == person_id))


personal_data.register("drafts", export=_export, anonymise=_forget)
