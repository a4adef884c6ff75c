"""Founding, changing and verifying organisations, and posting as one."""

from dataclasses import dataclass

from app.attachments.commands import attach, describe
from app.kit import clock, textindex
from app.kit.access import require
from app.kit.actor import Actor
from app.kit.db import command, db
from app.kit.errors import NotAllowed
from app.kit.i18n import gettext as _
from app.kit.text import slugify
from app.organisations import policy, queries
from app.organisations.activities import (
    OrganisationEdited,
    OrganisationFounded,
    OrganisationHidden,
    OrganisationPosted,
    OrganisationPublished,
    OrganisationShownAgain,
    OrganisationVerified,
    VerificationEnded,
    VerificationWithdrawn,
)
from app.organisations.commands.people import add_member
from app.organisations.models import Category, Organisation, OrganisationState, Role
from app.places.queries import fold, place_tags
from app.subjects.commands import new_subject, record
from app.topics.queries import topic_tags

RESERVED = frozenset({"new"})
CHECKED = ("name", "category", "website")


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationText:
    """What an organisation says about itself; `picture_id` is a loose picture of the person who writes."""

    name: str
    category: str
    summary: str = ""
    text: str = ""
    website: str = ""
    place_id: int | None = None
    topic_id: int | None = None
    picture_id: int | None = None


@command
def found_organisation(text: OrganisationText, *, by: Actor, moderate_new: bool = True) -> Organisation:
    """Bring an organisation to the platform; who does owns it. A new member's waits for a moderator first."""
    require(policy.can_create(by), by)
    if twin := queries.twin_of(by, text.name):
        return twin  # sent twice: a double click, or "back" and once more
    waits = policy.must_wait(by, moderate_new)
    organisation = Organisation(id=new_subject("organisation"), founder_id=by.id or None, slug=_free_slug(text.name))
    organisation.state = OrganisationState.PENDING.value
    _fill(organisation, text)
    db.session.add(organisation)
    db.session.flush()
    attach(organisation.id, text.picture_id, alt=text.name, by=by)
    record(OrganisationFounded(subject_id=organisation.id, actor_id=by.id, waits=waits))
    if by.id:
        add_member(organisation, by.id, Role.OWNER, by=by)
    if not waits:
        set_state(organisation, OrganisationState.PUBLISHED, "")
    return organisation


@command
def edit_organisation(
    organisation: Organisation, text: OrganisationText, *, by: Actor, moderate_new: bool = True
) -> None:
    """Change an organisation's page, never its address.

    A new member's change waits for a moderator, unless staff verified the organisation; the next change that does
    not wait publishes the page again. A changed name, category or website ends the verification.
    """
    require(policy.can_edit(by, organisation), by)
    _end_verification(organisation, text, by)
    _fill(organisation, text)
    db.session.flush()
    describe(organisation.id, text.name)
    attach(organisation.id, text.picture_id, alt=text.name, by=by)
    waits = policy.edit_waits(by, organisation, moderate_new)
    record(OrganisationEdited(subject_id=organisation.id, actor_id=by.id, waits=waits))
    if waits:
        reason = _("Diese Seite wurde geändert. Die Moderation liest sie noch einmal.")
        set_state(organisation, OrganisationState.PENDING, reason)
    elif organisation.is_public:
        index(organisation)
    else:
        set_state(organisation, OrganisationState.PUBLISHED, "")


@command
def verify(organisation: Organisation, *, by: Actor, reason: str = "") -> None:
    """Mark that staff checked who this is; again changes nothing."""
    require(policy.can_verify(by, organisation), by)
    if not organisation.is_verified:
        organisation.verified_at, organisation.verified_by_id = clock.now(), by.id or None
        db.session.flush()
        record(OrganisationVerified(subject_id=organisation.id, actor_id=by.id, reason=reason))


@command
def unverify(organisation: Organisation, *, by: Actor, reason: str = "") -> None:
    """Take the verified mark back; again changes nothing."""
    require(policy.can_verify(by, organisation), by)
    if organisation.is_verified:
        organisation.verified_at = organisation.verified_by_id = None
        db.session.flush()
        record(VerificationWithdrawn(subject_id=organisation.id, actor_id=by.id, reason=reason))


@command
def set_state(organisation: Organisation, state: str, reason: str) -> None:
    """Publish or hide an organisation's page; the search follows at once."""
    was_public = organisation.is_public
    organisation.state, organisation.state_reason = str(state), reason
    is_first = organisation.published_at is None
    if organisation.is_public and is_first:
        organisation.published_at = clock.now()
    db.session.flush()
    actor_id = organisation.founder_id or 0
    if organisation.is_public and not was_public:
        index(organisation)
        fact = OrganisationPublished if is_first else OrganisationShownAgain
        record(fact(subject_id=organisation.id, actor_id=actor_id))
    if was_public and not organisation.is_public:
        textindex.remove(organisation.id)
        record(OrganisationHidden(subject_id=organisation.id, actor_id=actor_id))


def speak_as(organisation_id: int | None, *, by: Actor) -> int | None:
    """The organisation somebody posts as, checked; None where they post for themselves.

    Raises:
        NotAllowed: they do not belong to it, or it is not public.
    """
    if organisation_id is None:
        return None
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None or not policy.can_speak(by, organisation):
        raise NotAllowed(_("Für diese Organisation dürfen Sie nicht schreiben. Ihr Text ist nicht verloren."))
    return organisation.id


@command
def announce(organisation_id: int | None, thing_id: int, *, actor_id: int) -> None:
    """Something posted as an organisation is public for the first time; nothing for other posts."""
    if organisation_id is not None:
        record(OrganisationPosted(subject_id=organisation_id, actor_id=actor_id, thing_id=thing_id))


def index(organisation: Organisation) -> None:
    """Write what the search finds of a public organisation."""
    body = f"{organisation.summary}\n{organisation.text}"
    tags = [*topic_tags(organisation.topic_id), *place_tags(organisation.place_id)]
    at, slug = organisation.published_at or clock.now(), organisation.slug
    textindex.put(organisation.id, "organisation", title=organisation.name, body=body, at=at, slug=slug, tags=tags)


def _end_verification(organisation: Organisation, text: OrganisationText, by: Actor) -> None:
    """Staff checked a name, a category and a website; they did not check others."""
    changed = [name for name in CHECKED if getattr(organisation, name) != str(getattr(text, name))]
    if changed and policy.ends_verification(by, organisation):
        organisation.verified_at = organisation.verified_by_id = None
        record(VerificationEnded(subject_id=organisation.id, actor_id=by.id, fields=changed))


def _fill(organisation: Organisation, text: OrganisationText) -> None:
    organisation.name, organisation.sort_name = text.name, fold(text.name)[:120]
    organisation.category, organisation.website = Category(text.category).value, text.website
    organisation.summary, organisation.text = text.summary, text.text
    organisation.place_id, organisation.topic_id = text.place_id, text.topic_id


def _free_slug(name: str) -> str:
    """An address nobody has: the name's slug, with a number where needed."""
    stem = slugify(name)
    taken = queries.slugs_like(stem) | RESERVED
    if stem not in taken:
        return stem
    return next(slug for number in range(2, 10_000_000) if (slug := f"{stem}-{number}") not in taken)
