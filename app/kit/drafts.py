"""Server drafts: what somebody typed, kept until it is sent.

Two uses: a form that saves itself while a member writes, and a guest's post that waits while they
sign in. A draft is plain form data under a random token; whoever holds the token, or is the owner
once there is one, may read it.

A form carries its draft's *ticket*: the token and the version its text began with. Two tabs may show the same draft;
what comes with an older ticket never overwrites or discards the newer text, it becomes a draft of its own.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, has_request_context, session, url_for
from sqlalchemy import JSON, Index, delete, select, true, update
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from app.kit import clock, jobs, personal_data
from app.kit.actor import Actor
from app.kit.base import UNSEEN, Base
from app.kit.db import about, command, db, guests_may_wait, unit_of_work
from app.kit.errors import Invalid, NotFound
from app.kit.i18n import gettext as _

KEPT = timedelta(days=60)
MAX_CHARACTERS = 200_000
HELD, HELD_AT_MOST = "drafts", 5
NOT_KEPT = "files_not_kept"
SECRET_FIELDS = ("csrf_token", "password", "password_confirm", "new_password", "new_password_confirm", "draft_token")
Fields = list[tuple[str, str]]


class Draft(Base):
    """Form data waiting: `address` is where it is sent, `fields` the pairs of name and text.

    `version` counts how often they changed.
    """

    __tablename__ = "drafts"
    __table_args__ = (
        Index("ix_drafts_person_id_saved_at", "person_id", "saved_at"),
        Index("ix_drafts_saved_at", "saved_at"),
        {"info": UNSEEN},
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
    def ticket(self) -> str:
        """What a form carries along of its draft."""
        return f"{self.token}.{self.version}"

    @property
    def values(self) -> MultiDict[str, str]:
        """The fields as a form would receive them."""
        return MultiDict([(name, value) for name, value in self.fields if name != NOT_KEPT])

    @property
    def not_kept(self) -> list[str]:
        """The fields in which pictures or files were chosen that could not be kept."""
        return [value for name, value in self.fields if name == NOT_KEPT]


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
    """The fields a guest sent, noting where files came along: those of people we do not know are not kept."""
    return [*fields, *((NOT_KEPT, name) for name in files if any(file.filename for file in files.getlist(name)))]


def draft_for(actor: Actor, ticket: str | None) -> Draft:
    """The draft of a ticket or token, for its owner, or for anyone with the token while it has none.

    Raises:
        NotFound: no such draft for this person.
    """
    token = _token_of(ticket)
    draft = db.session.scalars(select(Draft).where(Draft.token == token)).first() if token else None
    if draft is None or draft.person_id not in (None, actor.id):
        raise NotFound
    if draft.person_id is None and draft.token not in held():
        raise NotFound  # a guest's draft opens in the browser it was written in, not for whoever has the link
    return draft


def draft_if_any(actor: Actor, ticket: str | None) -> Draft | None:
    """The same, or None: a form whose draft was sent meanwhile simply begins anew."""
    try:
        return draft_for(actor, ticket)
    except NotFound:
        return None


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
    """Keep the fields under the ticket or token, or as a new draft if that is unknown, not this person's, or outdated.

    Raises:
        Invalid: longer than 200,000 characters in all.
    """
    _check_length(fields)
    draft = _locked(by, token)
    if draft is None or _is_outdated(draft, token, fields):
        draft = Draft(token=secrets.token_urlsafe(24), person_id=by.id or None, version=0)
        db.session.add(draft)
    return _filled(draft, fields, address, title, by)


@command
def autosave(fields: Fields, *, address: str, title: str, by: Actor, token: str | None) -> tuple[Draft, bool]:
    """Keep the fields as `save_draft` does, and say whether: with an outdated ticket the newer draft stays as it is.

    Raises:
        Invalid: longer than 200,000 characters in all.
    """
    _check_length(fields)
    draft = _locked(by, token)
    if draft is not None and _is_outdated(draft, token, fields):
        return draft, False
    return save_draft(fields, address=address, title=title, by=by, token=token), True


@command
@guests_may_wait
def discard_draft(token: str | None, *, by: Actor) -> None:
    """Forget a draft; one that is gone already is fine. With an outdated ticket the newer text stays."""
    about()
    if not token:
        return
    known = _version_of(token)
    mine = (Draft.token == _token_of(token)) & (Draft.person_id.is_(None) | (Draft.person_id == by.id))
    unchanged = Draft.version <= known if known is not None else true()
    db.session.execute(delete(Draft).where(mine, unchanged))


@jobs.daily
def discard_old_drafts() -> None:
    """Forget drafts nobody has touched for 60 days."""
    with unit_of_work():
        db.session.execute(delete(Draft).where(Draft.saved_at < clock.now() - KEPT))


def _check_length(fields: Fields) -> None:
    if sum(len(name) + len(value) for name, value in fields) > MAX_CHARACTERS:
        raise Invalid(_("Der Entwurf ist zu lang."))


def _locked(by: Actor, ticket: str | None) -> Draft | None:
    """The draft, held until this is written: two tabs do not overtake each other (PostgreSQL)."""
    token = _token_of(ticket)
    if token:
        db.session.execute(select(Draft.id).where(Draft.token == token).with_for_update())
    return draft_if_any(by, token)


def _is_outdated(draft: Draft, ticket: str | None, fields: Fields) -> bool:
    known = _version_of(ticket)
    return known is not None and known < draft.version and draft.fields != [list(pair) for pair in fields]


def _filled(draft: Draft, fields: Fields, address: str, title: str, by: Actor) -> Draft:
    pairs = [list(pair) for pair in fields]
    draft.version += draft.fields != pairs
    draft.person_id = draft.person_id or by.id or None
    draft.address, draft.title, draft.saved_at = address, title[:200], clock.now()
    draft.fields = pairs
    db.session.flush()
    return draft


def _token_of(ticket: str | None) -> str:
    return (ticket or "").partition(".")[0]


def _version_of(ticket: str | None) -> int | None:
    number = (ticket or "").partition(".")[2]
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None


def _export(person_id: int) -> list[dict[str, Any]]:
    rows = db.session.scalars(select(Draft).where(Draft.person_id == person_id).order_by(Draft.id))
    return [{"title": row.title, "saved_at": row.saved_at.isoformat(), "fields": row.fields} for row in rows]


def _forget(person_id: int) -> None:
    db.session.execute(delete(Draft).where(Draft.person_id == person_id))


personal_data.register("drafts", export=_export, anonymise=_forget)
