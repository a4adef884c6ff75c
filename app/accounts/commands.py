"""Opening, changing and closing accounts."""

import secrets
from typing import Any, cast

from flask_security import hash_password

from app.accounts import policy, queries
from app.accounts.activities import AccountDeleted, PersonJoined, PersonSuspended, PersonTrusted, RolesChanged
from app.accounts.models import Role, User
from app.kit import clock, drafts, personal_data
from app.kit.access import require
from app.kit.actor import ADMINISTRATOR, MODERATOR, Actor
from app.kit.db import command, db
from app.kit.errors import Conflict, Invalid
from app.kit.i18n import gettext as _
from app.kit.i18n import language
from app.kit.security import Datastore
from app.kit.text import clean_line, slugify
from app.subjects.commands import new_subject, record

ROLES = (MODERATOR, ADMINISTRATOR)


class People(Datastore):
    """Flask-Security's way to our people: a new one gets a subject row and a handle."""

    def create_user(self, **values: Any) -> User:
        values["name"] = clean_line(values.get("name")) or "Mitglied"
        values |= {"id": new_subject("person"), "handle": free_handle(values["name"]), "language": language()}
        user = cast(User, super().create_user(**values))
        db.session.flush()
        drafts.adopt(user.id)
        record(PersonJoined(subject_id=user.id, actor_id=user.id))
        return user


@command
def add_person(
    *,
    email: str,
    name: str,
    password: str = "",
    password_hash: str = "",
    roles: tuple[str, ...] = (),
    trusted: bool = False,
    is_demo: bool = False,
) -> User:
    """Open a confirmed account, as an operator does; give the password, or its hash where many share one.

    Raises:
        Conflict: there is an account with this address.
    """
    if queries.person_by_email(email):
        raise Conflict(_("Zu dieser E-Mail-Adresse gibt es schon ein Konto."))
    user = User(id=new_subject("person"), name=name, handle=free_handle(name), email=email.lower())
    user.password = password_hash or hash_password(password)
    user.fs_uniquifier = secrets.token_hex(32)
    user.confirmed_at = clock.now()
    user.trusted, user.is_demo = trusted or bool(roles), is_demo
    db.session.add(user)
    db.session.flush()
    record(PersonJoined(subject_id=user.id, actor_id=user.id))
    if roles:
        set_roles(user, roles, actor_id=0)
    return user


@command
def set_roles(user: User, roles: tuple[str, ...], *, actor_id: int) -> None:
    """Give a person exactly these roles.

    Raises:
        Invalid: an unknown role.
    """
    if unknown := set(roles) - set(ROLES):
        raise Invalid(_("Unbekannte Rolle: %(roles)s", roles=", ".join(sorted(unknown))))
    user.roles = [queries.role_named(name) or _new_role(name) for name in roles]
    record(RolesChanged(subject_id=user.id, actor_id=actor_id, roles=sorted(roles)))


@command
def trust(user: User, *, actor_id: int) -> None:
    """Let a person's later posts through."""
    if not user.trusted:
        user.trusted = True
        record(PersonTrusted(subject_id=user.id, actor_id=actor_id))


@command
def suspend(user: User, *, actor_id: int) -> None:
    """Take the right to write; reading and signing in stay."""
    if not user.suspended:
        user.suspended_at = clock.now()
        record(PersonSuspended(subject_id=user.id, actor_id=actor_id))


@command
def speak(user: User, language: str) -> None:
    """Write to a person in this language from now on."""
    user.language = language


@command
def delete_account(user: User, *, by: Actor) -> None:
    """Delete an account: the person is forgotten everywhere, what others answered to stays without a name.

    Raises:
        Conflict: it is the last administrator's.
    """
    require(policy.can_delete(by, user), by)
    if ADMINISTRATOR in user.role_names and queries.administrators() < 2:
        raise Conflict(_("Die letzte Person mit Administrationsrechten kann ihr Konto nicht löschen."))
    personal_data.anonymise_all(user.id)
    user.anonymise()
    user.fs_uniquifier = secrets.token_hex(32)  # ends every session
    record(AccountDeleted(subject_id=user.id, actor_id=user.id))


def free_handle(name: str) -> str:
    """A handle nobody has: the name's slug, with a number where needed."""
    stem = slugify(name, 40)
    taken = queries.handles_like(stem)
    if stem not in taken:
        return stem
    return next(handle for number in range(2, 10_000_000) if (handle := f"{stem}-{number}") not in taken)


def _new_role(name: str) -> Role:
    role = Role(name=name)
    db.session.add(role)
    db.session.flush()
    return role
