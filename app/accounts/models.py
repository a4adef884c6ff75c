"""People and roles."""

from datetime import datetime
from typing import Any, ClassVar

from flask_security import RoleMixin, UserMixin
from sqlalchemy import Column, ForeignKey, Table, event, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.kit import clock
from app.kit.base import Base
from app.kit.i18n import gettext as _
from app.subjects.models import subject_key

roles_users = Table(
    "roles_users",
    Base.metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("roles.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Base, RoleMixin):
    """moderator or administrator; everyone else is simply a member."""

    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    permissions = None


def shown_name(own_name: str, deleted_at: datetime | None) -> str:
    """The name shown of a person; once the account is deleted, words for that in the reader's language."""
    return str(_("Gelöschte Person")) if deleted_at else own_name


class User(Base, UserMixin):
    """A person with an account. Answers the `Actor` protocol."""

    __tablename__ = "users"

    id: Mapped[int] = subject_key()
    own_name: Mapped[str] = mapped_column("name")
    handle: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str | None] = mapped_column(unique=True)  # type: ignore[assignment]
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(unique=True)
    confirmed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    trusted: Mapped[bool] = mapped_column(default=False)
    suspended_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(default="de")
    is_demo: Mapped[bool] = mapped_column(default=False)

    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]
        secondary=roles_users, order_by=Role.name
    )

    memberships: ClassVar[Any]  # a relationship that `organisations` adds

    kind = "person"
    state = "published"
    author_id = None

    @property
    def name(self) -> str:
        return shown_name(self.own_name, self.deleted_at)

    @name.setter
    def name(self, value: str) -> None:
        self.own_name = value

    @property
    def title(self) -> str:
        return self.name

    @property
    def slug(self) -> str:
        return self.handle

    @property
    def role_names(self) -> list[str]:
        known = vars(self).get("roles_then", self)
        return [role.name for role in self.roles] if known is self else _words(known)

    @property
    def organisation_ids(self) -> frozenset[int]:
        """The organisations this person belongs to; read when first asked, once in a unit of work."""
        known = vars(self).get("organisations_then", self)
        if known is not self:
            return frozenset(map(int, _words(known)))
        return frozenset(membership.organisation_id for membership in self.memberships)

    @property
    def suspended(self) -> bool:
        return self.suspended_at is not None

    @property
    def is_signed_in(self) -> bool:
        return True

    def forget_what_was_known(self) -> None:
        """Roles and organisations are asked anew: the session lets go of what it read (`kit.security.knows`)."""
        vars(self).pop("roles_then", None)
        vars(self).pop("organisations_then", None)

    def anonymise(self) -> None:
        """Forget who this was; the row stays for those who answered."""
        self.name, self.handle = "", f"geloescht-{self.id}"
        self.email = self.password = None
        self.active = self.trusted = False
        self.roles = []
        self.deleted_at = clock.now()


def _words(joined: str | None) -> list[str]:
    return joined.split(",") if joined else []


@event.listens_for(User, "expire")
def _expired(person: User | None, _attributes: object) -> None:
    if person is not None:  # else nobody holds it any longer
        person.forget_what_was_known()


def roles_then() -> Any:
    """The names of a person's roles, in one text; for the statement that loads whose session a request is."""
    names = select(func.aggregate_strings(Role.name, ",")).join(roles_users)
    return names.where(roles_users.c.user_id == User.id).correlate(User).scalar_subquery()
