"""Facts about organisations; no address of anybody stands in them."""

from dataclasses import dataclass

from app.kit.i18n import lazy_gettext as _l
from app.subjects.activities import Activity


@dataclass(frozen=True, kw_only=True)
class OrganisationFounded(Activity, name="organisation_founded"):
    """Somebody brought an organisation to the platform; `waits` for a moderator if they are not trusted yet."""

    waits: bool


@dataclass(frozen=True, kw_only=True)
class OrganisationPublished(
    Activity,
    name="organisation_published",
    public=True,
    colour="quiet",
    icon="users",
    sentence=_l("hat eine Organisation vorgestellt"),
):
    """The organisation's page can be read by everyone."""


@dataclass(frozen=True, kw_only=True)
class OrganisationShownAgain(Activity, name="organisation_shown_again"):
    """An organisation that had been public is so again: no news."""


@dataclass(frozen=True, kw_only=True)
class OrganisationHidden(Activity, name="organisation_hidden"):
    """The organisation's page is no longer public."""


@dataclass(frozen=True, kw_only=True)
class OrganisationPosted(Activity, name="organisation_posted"):
    """Something that was posted as the organisation can be read by everyone."""

    thing_id: int


@dataclass(frozen=True, kw_only=True)
class OrganisationEdited(Activity, name="organisation_edited"):
    """One of its people changed its page; `waits` for a moderator if they are not trusted yet."""

    waits: bool


@dataclass(frozen=True, kw_only=True)
class OrganisationVerified(Activity, name="organisation_verified"):
    """Staff checked that it is who it says it is."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class VerificationWithdrawn(Activity, name="verification_withdrawn"):
    """Staff took the verified mark back."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class VerificationEnded(Activity, name="verification_ended"):
    """One of its people changed who it says it is; staff have not checked that."""

    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class PersonInvited(Activity, name="person_invited"):
    """Somebody was invited by mail."""

    invitation_id: int
    role: str


@dataclass(frozen=True, kw_only=True)
class InvitationWithdrawn(Activity, name="invitation_withdrawn"):
    """An invitation was taken back before it was accepted."""

    invitation_id: int


@dataclass(frozen=True, kw_only=True)
class MemberJoined(Activity, name="member_joined"):
    """Somebody belongs to the organisation from now on."""

    person_id: int
    role: str


@dataclass(frozen=True, kw_only=True)
class MemberRoleChanged(Activity, name="member_role_changed"):
    """A member is something else in it from now on."""

    person_id: int
    role: str


@dataclass(frozen=True, kw_only=True)
class MemberLeft(Activity, name="member_left"):
    """Somebody left, or was removed by the one who acted."""

    person_id: int
