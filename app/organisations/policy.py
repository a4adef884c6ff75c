"""Who may do what with organisations."""

from app.kit.actor import Actor, is_member, is_staff
from app.organisations.models import Organisation, OrganisationState, Role, SpokenFor


def can_create(actor: Actor) -> bool:
    """Every member."""
    return is_member(actor)


def can_begin(actor: Actor) -> bool:
    """Everyone may begin to write; signing in comes when it is sent."""
    return not actor.suspended


def can_see(actor: Actor, organisation: Organisation) -> bool:
    """Everyone what is public; its people and staff also the rest."""
    return organisation.is_public or is_staff(actor) or belongs_to(actor, organisation)


def can_edit(actor: Actor, organisation: Organisation) -> bool:
    """Its owners and editors, unless it was hidden."""
    return is_member(actor) and organisation.state != OrganisationState.HIDDEN and belongs_to(actor, organisation)


def can_speak(actor: Actor, organisation: Organisation) -> bool:
    """Its owners and editors post as the organisation while it is public."""
    return is_member(actor) and organisation.is_public and belongs_to(actor, organisation)


def can_see_members(actor: Actor, organisation: Organisation) -> bool:
    """Its own people, and staff."""
    return belongs_to(actor, organisation) or is_staff(actor)


def can_manage(actor: Actor, organisation: Organisation) -> bool:
    """Its owners invite, change roles and remove people."""
    return is_member(actor) and belongs_to(actor, organisation) and actor.id in owner_ids(organisation)


def can_leave(actor: Actor, organisation: Organisation) -> bool:
    """Its people, suspended ones too; whom an owner may remove, `can_remove` says."""
    return belongs_to(actor, organisation)


def can_remove(actor: Actor, organisation: Organisation, person_id: int) -> bool:
    """Owners anyone, everybody themselves."""
    return can_manage(actor, organisation) or (actor.id == person_id and belongs_to(actor, organisation))


def can_verify(actor: Actor, organisation: Organisation) -> bool:
    """Staff, what is public."""
    return is_staff(actor) and organisation.is_public


def can_appoint(actor: Actor, organisation: Organisation) -> bool:
    """Staff, where nobody owns it any more."""
    return is_staff(actor) and not owner_ids(organisation)


def must_wait(actor: Actor, moderate_new: bool) -> bool:
    """Whether this person's organisations wait for a moderator first (the operator's setting)."""
    return moderate_new and not actor.trusted and not is_staff(actor)


def edit_waits(actor: Actor, organisation: Organisation | None, moderate_new: bool) -> bool:
    """Whether what this person says on a page (None: a new one) waits; not for a verified organisation."""
    return must_wait(actor, moderate_new) and (organisation is None or not organisation.is_verified)


def ends_verification(actor: Actor, organisation: Organisation) -> bool:
    """Whether the verified mark falls when this person changes who it says it is."""
    return organisation.is_verified and not is_staff(actor)


def is_vouched_for(thing: SpokenFor) -> bool:
    """Whether it was posted as a verified organisation that is public: then no change of it waits."""
    return thing.voice is not None and thing.voice.is_verified


def belongs_to(actor: Actor, organisation: Organisation) -> bool:
    return actor.is_signed_in and organisation.id in actor.organisation_ids


def speaks_for(actor: Actor, thing: SpokenFor) -> bool:
    """Whether it was posted as an organisation this person belongs to."""
    return actor.is_signed_in and thing.organisation_id is not None and thing.organisation_id in actor.organisation_ids


def acts_for(actor: Actor, thing: SpokenFor, author_id: int | None) -> bool:
    """Who may change a post: the people of the organisation it was posted as, else its author.

    Whoever left the organisation has no more to say about what they wrote for it.
    """
    if thing.organisation_id is not None:
        return speaks_for(actor, thing)
    return actor.is_signed_in and author_id is not None and actor.id == author_id


def owner_ids(organisation: Organisation) -> set[int]:
    return {one.person_id for one in organisation.memberships if one.role == Role.OWNER}
