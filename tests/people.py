"""The small cast of every test. Who is not signed in is the guest: a plain `client`."""

from dataclasses import dataclass, fields

from flask import Flask

from app.accounts import commands, queries
from app.accounts.models import User
from app.kit.db import unit_of_work
from tests.client import PASSWORD


@dataclass(frozen=True)
class Person:
    """Somebody with an account; `id` is their subject's."""

    id: int
    name: str
    email: str
    key: str
    password: str = PASSWORD

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Cast:
    """The people of a test."""

    mara: Person
    """A member whose first posts wait for a moderator."""
    anton: Person
    """A member who writes; trusted, so that his posts appear at once."""
    ruth: Person
    """A moderator."""
    ada: Person
    """An administrator."""
    sven: Person
    """A member who was suspended."""


NAMES = {
    "mara": "Mara Albrecht",
    "anton": "Anton Böhme",
    "ruth": "Ruth Kretzschmar",
    "ada": "Ada Lindner",
    "sven": "Sven Öser",
}
ROLES: dict[str, tuple[str, ...]] = {"ruth": ("moderator",), "ada": ("administrator",)}


def settle(app: Flask) -> None:
    """Open everybody's account."""
    with app.app_context(), unit_of_work():
        for key, name in NAMES.items():
            user = commands.add_person(
                email=f"{key}@example.org",
                name=name,
                password=PASSWORD,
                roles=ROLES.get(key, ()),
                trusted=key == "anton",
            )
            if key == "sven":
                commands.suspend(user, actor_id=0)


def cast(app: Flask) -> Cast:
    """Everybody, as `settle` left them."""
    with app.app_context(), unit_of_work(writes=False):
        return Cast(
            **{field.name: _person(queries.person_by_email(f"{field.name}@example.org")) for field in fields(Cast)}
        )


def _person(user: User | None) -> Person:
    assert user is not None
    return Person(user.id, user.name, str(user.email), user.fs_uniquifier)
