"""Who acts: the little that policies and commands need to know of a person."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

MODERATOR = "moderator"
ADMINISTRATOR = "administrator"


class Actor(Protocol):
    """A person as rules see them. `id` is 0 for a guest; `organisation_ids` are those they belong to."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def role_names(self) -> Collection[str]: ...
    @property
    def trusted(self) -> bool: ...
    @property
    def suspended(self) -> bool: ...
    @property
    def is_signed_in(self) -> bool: ...
    @property
    def organisation_ids(self) -> Collection[int]: ...


@dataclass(frozen=True, slots=True)
class Guest:
    """Someone who has not signed in: reads what is public."""

    id: int = 0
    name: str = ""
    role_names: frozenset[str] = frozenset()
    trusted: bool = False
    suspended: bool = False
    is_signed_in: bool = False
    organisation_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class System:
    """The platform itself: imports, demo content, scheduled work. Trusted, without an account."""

    id: int = 0
    name: str = "Plattform"
    role_names: frozenset[str] = frozenset({MODERATOR, ADMINISTRATOR})
    trusted: bool = True
    suspended: bool = False
    is_signed_in: bool = True
    organisation_ids: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Acting:
    """A member as they stand in the writing transaction; on PostgreSQL their row is locked until its end."""

    id: int
    name: str
    role_names: frozenset[str]
    trusted: bool
    suspended: bool
    organisation_ids: frozenset[int]
    is_signed_in: bool = True


GUEST = Guest()
SYSTEM = System()


def is_staff(actor: Actor) -> bool:
    """Moderators and administrators, unless suspended."""
    return not actor.suspended and not {MODERATOR, ADMINISTRATOR}.isdisjoint(actor.role_names)


def is_administrator(actor: Actor) -> bool:
    """Administrators, unless suspended."""
    return not actor.suspended and ADMINISTRATOR in actor.role_names


def is_member(actor: Actor) -> bool:
    """Signed in and allowed to write."""
    return actor.is_signed_in and not actor.suspended
