"""Writing a mail about an activity to a person, in that person's language."""

from typing import Any

from app.accounts.models import User
from app.kit import mail
from app.kit.db import command
from app.kit.web import settings
from app.subjects import registry
from app.subjects.activities import Activity


@command
def tell(person: User | None, activity: Activity, **context: Any) -> None:
    """Mail a person about an activity, once; people without an address or account are left out.

    The template `emails/<activity>/<language>.txt` begins with the subject as its first line.
    """
    if person is None or not person.email or person.deleted_at is not None:
        return
    key = f"{activity.name}:{activity.row_id}:{person.id}"
    write(key, person.email, activity.name, person.language, person=person, **context)


@command
def write(key: str, to: str, template: str, language: str, **context: Any) -> None:
    """Put a mail into the outbox under a key, from `emails/<template>/<language>.txt`."""
    subject, text = mail.compose(template, language, base_url=settings().base_url, **context)
    mail.post(key, to=to, subject=subject, text=text)


def full_address(thing: Any) -> str:
    """The public address of a thing's page."""
    return settings().base_url + registry.url_of(thing)
