"""Changing the look: every save is a new version."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Protocol

from app.branding import policy, queries
from app.branding.activities import LookChanged
from app.branding.models import Logo, Look, LookVersion
from app.kit import clock, identity, storage
from app.kit.access import require
from app.kit.actor import Actor
from app.kit.db import command
from app.kit.errors import Conflict
from app.kit.i18n import gettext as _
from app.kit.inserting import insert_once
from app.kit.pictures import Picture
from app.subjects.commands import new_subject, record

WIDTH = 480


class LogoField(Protocol):
    """A field of a form with a fresh picture, or none, which is told under which name that is kept."""

    fresh: Picture | None

    def took(self, logo: Logo) -> None: ...


def keep_logos(chosen: Iterable["LogoField"], *, by: Actor) -> None:
    """Write what was chosen to the disk, before any transaction; each field knows its logo afterwards.

    Nothing of it is public before a look that names it is saved, for nobody can guess its name.
    """
    require(policy.can_edit(by), by)
    for field in chosen:
        if field.fresh is not None:
            field.took(keep_logo(field.fresh))


def keep_logo(picture: Picture) -> Logo:
    """Write a picture to the disk in the width a page shows; a logo is never larger than that."""
    fitting = [width for width in picture.widths if width <= WIDTH]
    width = max(fitting) if fitting else picture.widths[0]
    stem = storage.new_stem()
    storage.save(f"{stem}.webp", picture.files["webp"][width])
    return Logo(stem.replace("/", ""), width, max(1, round(picture.height * width / picture.width)))


@command
def save_look(look: Look, *, based_on: int, by: Actor) -> int:
    """Add a version of the look and return its number; the same look again changes nothing.

    Args:
        based_on: the version the editor saw, 0 for the settings.

    Raises:
        Conflict: somebody else has changed it meanwhile.
    """
    require(policy.can_edit(by), by)
    before = queries.current_look()
    changed = tuple(own.name for own in fields(Look) if getattr(look, own.name) != getattr(before, own.name))
    changed = tuple(name for name in changed if name != "version")
    if not changed:
        return before.version
    values = {"after_id": based_on, "data": look.as_data(), "author_id": by.id or None, "created_at": clock.now()}
    number = None
    if before.version == based_on:
        number = insert_once(LookVersion, id=new_subject("look"), **values)
    if number is None:
        raise Conflict(_("Jemand anderes hat das Erscheinungsbild inzwischen geändert. Bitte vergleichen Sie."))
    record(LookChanged(subject_id=number, actor_id=by.id, changed=changed))
    identity.forget()
    return number
