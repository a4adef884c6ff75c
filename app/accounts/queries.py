"""Finding people."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, case, func, select

from app.accounts.models import Role, User
from app.kit.actor import ADMINISTRATOR, Actor
from app.kit.db import db
from app.kit.errors import Gone, NotFound


def person_for(reader: Actor, person_id: int) -> User:
    """A person by id.

    Raises:
        NotFound: no such person, or not confirmed yet.
        Gone: the account was deleted.
    """
    return _visible(db.session.get(User, person_id))


def people_for(reader: Actor, person_ids: Collection[int]) -> Sequence[User]:
    """Several people by id, those who left included."""
    return db.session.scalars(select(User).where(User.id.in_(person_ids))).unique().all()


def people_named(ids: Any, _reader_id: Any, _for_staff: bool) -> Select[Any]:
    """Ids and names of several people; those who left have none."""
    name = case((User.deleted_at.is_(None), User.own_name))
    return select(User.id, name.label("name")).where(User.id.in_(ids))


def person_by_handle(handle: str) -> User:
    """A person by the name in their profile's address; raises as `person_for` does."""
    return _visible(db.session.scalars(select(User).where(User.handle == handle)).unique().first())


def person_by_email(email: str) -> User | None:
    """The account of an address, whatever its case."""
    return db.session.scalars(select(User).where(func.lower(User.email) == email.lower())).unique().first()


def handles_like(stem: str) -> set[str]:
    """Handles that begin with a stem, to find a free one."""
    return set(db.session.scalars(select(User.handle).where(User.handle.startswith(stem, autoescape=True))))


def role_named(name: str) -> Role | None:
    return db.session.scalars(select(Role).where(Role.name == name)).first()


def administrators() -> int:
    """How many administrators can sign in."""
    return (
        db.session.scalar(
            select(func.count()).select_from(User).where(User.active, User.roles.any(Role.name == ADMINISTRATOR))
        )
        or 0
    )


def demo_people() -> int:
    """How many demo people there are: none may be in production."""
    return db.session.scalar(select(func.count()).select_from(User).where(User.is_demo)) or 0


def _visible(user: User | None) -> User:
    if user is None or (user.confirmed_at is None and user.deleted_at is None):
        raise NotFound
    if user.deleted_at is not None:
        raise Gone
    return user
