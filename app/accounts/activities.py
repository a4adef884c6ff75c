"""Facts about people."""

from dataclasses import dataclass

from app.subjects.activities import Activity


@dataclass(frozen=True, kw_only=True)
class PersonJoined(Activity, name="person_joined"):
    """Somebody opened an account."""


@dataclass(frozen=True, kw_only=True)
class PersonTrusted(Activity, name="person_trusted"):
    """Later posts of this person no longer wait."""


@dataclass(frozen=True, kw_only=True)
class PersonSuspended(Activity, name="person_suspended"):
    """This person may read, not write."""


@dataclass(frozen=True, kw_only=True)
class RolesChanged(Activity, name="roles_changed"):
    """The roles of a person were set to these."""

    roles: list[str]


@dataclass(frozen=True, kw_only=True)
class AccountDeleted(Activity, name="account_deleted"):
    """A person left; what they wrote stays without a name."""
