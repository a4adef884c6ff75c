"""Mail through an outbox: written in the transaction that causes it, sent after, at least once.

The row's `key` makes a mail unique, so a listener that runs twice writes one. Sending leases the
row for a minute, and one thread sends at a time: only the one mail that was in flight when the
process died can arrive twice. What was sent keeps no text, no address and no link.
"""

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from flask import Flask, current_app, render_template
from flask_babel import force_locale
from flask_mailman import EmailMultiAlternatives, Mail
from sqlalchemy import Index, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from app.config import Settings
from app.kit import clock, jobs
from app.kit.base import UNSEEN, Base
from app.kit.db import after_commit, command, db, unit_of_work
from app.kit.i18n import language as language_in_use
from app.kit.inserting import insert_once
from app.kit.logs import log

LEASE = timedelta(seconds=60)
LONGEST_WAIT = timedelta(hours=6)
MAX_ATTEMPTS = 12
REMEMBERED = timedelta(days=180)
mailer = Mail()
_sending = threading.Lock()


class OutgoingMail(Base):
    """A mail on its way. `sent_at` is set once the mail server has taken it."""

    __tablename__ = "mails"
    __table_args__ = (Index("ix_mails_due_at", "due_at"), {"info": UNSEEN})

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    recipient: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    due_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    sent_at: Mapped[datetime | None]
    unsubscribe_url: Mapped[str] = mapped_column(default="", server_default="")
    language: Mapped[str] = mapped_column(default="de", server_default="de")


def start(app: Flask, settings: Settings) -> None:
    """Configure real SMTP; in development without a server mails become files under `DATA_DIR/mail`."""
    app.config |= {
        "MAIL_BACKEND": "smtp" if settings.smtp_host else "file",
        "MAIL_FILE_PATH": str(settings.data_dir / "mail"),
        "MAIL_SERVER": settings.smtp_host,
        "MAIL_PORT": settings.smtp_port,
        "MAIL_USERNAME": settings.smtp_user or None,
        "MAIL_PASSWORD": settings.smtp_password or None,
        "MAIL_USE_TLS": settings.smtp_tls == "starttls",
        "MAIL_USE_SSL": settings.smtp_tls == "tls",
        "MAIL_DEFAULT_SENDER": settings.mail_from,
        "MAIL_TIMEOUT": 20,
    }
    mailer.init_app(app)


@command
def post(key: str, *, to: str, subject: str, text: str, unsubscribe_url: str = "", language: str = "") -> None:
    """Put a mail into the outbox, in the current transaction; the same key a second time changes nothing.

    `language` is that of the text; empty: the one in use here.
    `unsubscribe_url` ends what the mail is about at one POST, without signing in (RFC 8058).
    """
    values = {"recipient": to, "subject": " ".join(subject.split()), "text": text, "unsubscribe_url": unsubscribe_url}
    values["language"] = language or language_in_use()
    insert_once(OutgoingMail, key=key, due_at=clock.now(), created_at=clock.now(), **values)
    after_commit(_wake)


@jobs.daily
def forget_old_mails() -> None:
    """Forget that a mail was sent, half a year after; until then its key keeps it from being sent twice."""
    with unit_of_work():
        db.session.execute(delete(OutgoingMail).where(OutgoingMail.sent_at < clock.now() - REMEMBERED))


def _wake() -> None:
    jobs.enqueue(send_mails)


@jobs.job
@jobs.sweep
def send_mails() -> None:
    """Send every mail that is due, unless another thread is at it: that one, or the next sweep, finds them all."""
    if not _sending.acquire(blocking=False):
        return
    try:
        while (mail := _lease()) is not None:
            _send(mail)
    finally:
        _sending.release()


def compose(template: str, language: str, **context: Any) -> tuple[str, str]:
    """Subject and text of a mail from `emails/<template>/<language>.txt`, whose first line is the subject."""
    with force_locale(language):
        text = render_template(f"emails/{template}/{language}.txt", **context)
    subject, _line, body = text.strip().partition("\n")
    return subject, body.strip()


def send_test(to: str) -> None:
    """Send one mail right now, past the outbox, so that an operator sees the mail server's own words.

    Raises:
        OSError, smtplib.SMTPException: what went wrong.
    """
    _hand_over(_message(to, "Testnachricht", "Der Mailversand dieser Plattform funktioniert."))


def _lease() -> OutgoingMail | None:
    """Take the next due mail for a minute, so that no other worker sends it meanwhile."""
    with unit_of_work():
        due = select(OutgoingMail).where(OutgoingMail.due_at <= clock.now()).order_by(OutgoingMail.due_at)
        mail = db.session.scalars(due.limit(1).with_for_update(skip_locked=True)).first()
        if mail is None:
            return None
        mail.due_at = clock.now() + LEASE
        mail.attempts += 1
        db.session.flush()
        db.session.expunge(mail)
        return mail


def _send(mail: OutgoingMail) -> None:
    number = f"<{mail.id}.{mail.created_at:%Y%m%d%H%M%S}@zukunftsplattform>"
    try:
        headers = {"Message-ID": number} | _unsubscribing(mail.unsubscribe_url)
        with force_locale(mail.language):  # of the words around the text
            message = _message(mail.recipient, mail.subject, mail.text, headers)
        _hand_over(message)
    except Exception as error:  # besides the server's refusals: addresses of which no message can be made
        log.warning("mail not sent", mail=mail.id, attempts=mail.attempts, error=type(error).__name__)
        wait = min(timedelta(seconds=10 * 3**mail.attempts), LONGEST_WAIT)
        _mark(mail.id, due_at=None if mail.attempts >= MAX_ATTEMPTS else clock.now() + wait)
        return
    _mark(mail.id, due_at=None, sent_at=clock.now(), recipient="", text="", subject="", unsubscribe_url="")


def _hand_over(message: EmailMultiAlternatives) -> None:
    """Give a message to the mail server; the connection is closed even if it is refused."""
    with current_app.extensions["mailman"].get_connection() as connection:
        message.connection = connection
        message.send()


def _mark(mail_id: int, **values: object) -> None:
    with unit_of_work():
        db.session.execute(update(OutgoingMail).where(OutgoingMail.id == mail_id).values(**values))


def _unsubscribing(url: str) -> dict[str, str]:
    """What a mail program needs for its own button (RFC 8058, section 3.1)."""
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if url else {}


def _message(
    to: str, subject: str, text: str, headers: Mapping[str, str] = MappingProxyType({})
) -> EmailMultiAlternatives:
    marked = {"Auto-Submitted": "auto-generated", **headers}
    message = EmailMultiAlternatives(subject, text, to=[to], headers=marked)
    message.attach_alternative(render_template("emails/_layout.html", subject=subject, text=text), "text/html")
    if current_app.config["MAIL_BACKEND"] == "file":
        Path(current_app.config["MAIL_FILE_PATH"]).mkdir(parents=True, exist_ok=True)
    return message
