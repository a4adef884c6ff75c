"""Editing pages: every edit is a new version."""

from app.kit import clock
from app.kit.access import require
from app.kit.actor import Actor
from app.kit.db import command
from app.kit.errors import Conflict
from app.kit.i18n import gettext as _
from app.kit.inserting import insert_once
from app.pages import policy, queries
from app.pages.activities import PageEdited
from app.pages.models import Page, PageVersion
from app.pages.queries import PageText
from app.subjects.commands import new_subject, record


@command
def edit_page(text: PageText, *, based_on: int, by: Actor, restored: int = 0) -> int:
    """Add a version of a page's text and return its number; the same title and body again change nothing.

    Args:
        text: key, language, title, body and note; its own number does not matter.
        based_on: the number of the version the editor saw.
        restored: the number of the version that is brought back, or 0.

    Raises:
        Conflict: somebody else has edited the text meanwhile.
    """
    require(policy.can_edit(by), by)
    newest = queries.newest_text(text.key, text.language)
    if (newest.title, newest.body) == (text.title, text.body):
        return newest.number
    if newest.number != based_on or not _insert(text, newest.number + 1, by):
        raise Conflict(_("Jemand anderes hat diesen Text inzwischen geändert. Ihr Text ist nicht verloren."))
    fact = PageEdited(
        subject_id=_anchor(text.key),
        actor_id=by.id,
        key=text.key,
        language=text.language,
        number=newest.number + 1,
        restored=restored,
    )
    record(fact)
    return newest.number + 1


@command
def restore_version(text: PageText, *, by: Actor) -> int:
    """Bring an older version back as the newest one and return its number; the versions in between stay."""
    note = _("Version %(number)s wiederhergestellt", number=text.number)
    again = PageText(key=text.key, language=text.language, number=0, title=text.title, body=text.body, note=note)
    newest = queries.newest_text(text.key, text.language)
    return edit_page(again, based_on=newest.number, by=by, restored=text.number)


def _insert(text: PageText, number: int, by: Actor) -> bool:
    added = insert_once(
        PageVersion,
        page_id=_anchor(text.key),
        language=text.language,
        number=number,
        title=text.title,
        body=text.body,
        note=text.note,
        author_id=by.id or None,
        created_at=clock.now(),
    )
    return added is not None


def _anchor(key: str) -> int:
    """The page's subject, made at its first edit; of two first edits at once one makes it."""
    page = queries.page_of_key(key)
    if page is not None:
        return page.id
    insert_once(Page, id=new_subject("page"), key=key)
    made = queries.page_of_key(key)
    if made is None:
        raise Conflict(
            _("Das hat sich gerade mit einer anderen Änderung überschnitten. Bitte senden Sie es noch einmal.")
        )
    return made.id
