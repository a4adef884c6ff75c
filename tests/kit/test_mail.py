"""Mail through the outbox to a real mail server."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.kit import clock, mail
from app.kit.db import db, unit_of_work
from app.kit.mail import OutgoingMail
from tests.support.mailbox import Mailbox, text_of_message

Work = Callable[[], None]
ADDRESS = "mara@example.org"


@pytest.fixture(autouse=True)
def in_the_application(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def test_a_mail_goes_out_after_the_commit_in_both_forms(smtp: Mailbox, work: Work) -> None:
    write("hello", subject="Grüße aus\nDöbeln", text="Guten Tag Mara,\n\nschön & gut.")
    assert smtp.messages == []
    work()
    message = smtp.last_to(ADDRESS)
    assert message["Subject"] == "Grüße aus Döbeln", "one line, whatever was in it"
    assert message["Auto-Submitted"] == "auto-generated"
    assert text_of_message(message).split() == ["Guten", "Tag", "Mara,", "schön", "&", "gut."]
    html = message.get_body(preferencelist=("html",))
    assert html is not None
    assert "schön &amp; gut." in html.get_content()


def test_the_same_key_is_written_once(smtp: Mailbox, work: Work) -> None:
    write("once", text="erst")
    work()
    write("once", text="dann")
    work()
    assert [text_of_message(message).strip() for message in smtp.to(ADDRESS)] == ["erst"]


def test_what_is_rolled_back_is_never_sent(smtp: Mailbox, work: Work) -> None:
    def fail() -> None:
        with unit_of_work():
            mail.post("never", to=ADDRESS, subject="Nie", text="Nie")
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    work()
    assert smtp.messages == []


def test_what_was_sent_keeps_neither_text_nor_address(smtp: Mailbox, work: Work) -> None:
    write("gone")
    work()
    row = stored("gone")
    assert row.sent_at is not None
    assert (row.recipient, row.subject, row.text, row.due_at) == ("", "", "", None)


def test_a_server_that_refuses_is_asked_again_with_longer_and_longer_waits(smtp: Mailbox, work: Work) -> None:
    write("later")
    smtp.refuse = True
    waits = []
    for _attempt in range(4):
        work()
        waits.append(wait_for("later"))
        let_time_pass()
    assert waits == sorted(waits)
    assert waits[0] > timedelta(seconds=20)
    smtp.refuse = False
    work()
    assert len(smtp.to(ADDRESS)) == 1


def test_after_twelve_attempts_it_is_given_up_but_kept(smtp: Mailbox, work: Work) -> None:
    write("hopeless")
    smtp.refuse = True
    for _attempt in range(14):
        work()
        let_time_pass("hopeless")
    row = stored("hopeless")
    assert (row.attempts, row.due_at, row.sent_at) == (12, None, None)
    assert row.recipient == ADDRESS, "an operator can see what was not sent"


@pytest.mark.parametrize("address", ["mara@exämple.org", "mära@example.org", "a\nBcc: b@example.org", "kein Mensch"])
def test_an_address_no_server_takes_holds_up_nobody_else_and_is_given_up(
    address: str, smtp: Mailbox, work: Work
) -> None:
    write("odd", to=address)
    write("even")
    for _attempt in range(13):
        work()
        let_time_pass("odd")
    assert len(smtp.to(ADDRESS)) == 1
    assert stored("odd").due_at is None
    assert not any("b@example.org" in str(message) for message in smtp.messages)


def test_a_mail_leased_by_a_process_that_died_is_sent_when_the_lease_is_over(smtp: Mailbox, work: Work) -> None:
    write("leased")
    assert mail._lease() is not None
    work()
    assert smtp.messages == [], "somebody else may be sending it"
    assert timedelta(seconds=55) < wait_for("leased") <= mail.LEASE
    let_time_pass()
    work()
    assert len(smtp.to(ADDRESS)) == 1


def test_many_senders_send_each_mail_once(app: Flask, smtp: Mailbox) -> None:
    for number in range(20):
        write(f"many-{number}", to=f"gast-{number}@example.org")

    def send(_number: int) -> None:
        with app.test_request_context():
            mail.send_mails()

    with ThreadPoolExecutor(4) as senders:
        list(senders.map(send, range(8)))
    mail.send_mails()
    assert sorted(str(message["To"]) for message in smtp.messages) == sorted(
        f"gast-{number}@example.org" for number in range(20)
    )


def test_without_a_server_mails_become_files(make_app: Callable[..., Flask], tmp_path: Path) -> None:
    app = make_app(SMTP_HOST="", DATA_DIR=str(tmp_path))
    with app.test_request_context():
        write("file", text="Guten Tag.")
        mail.send_mails()
        assert stored("file").sent_at is not None
    assert "Guten Tag." in next((tmp_path / "mail").iterdir()).read_text()


def write(key: str, *, to: str = ADDRESS, subject: str = "Betreff", text: str = "Text") -> None:
    with unit_of_work():
        mail.post(key, to=to, subject=subject, text=text)


def stored(key: str) -> OutgoingMail:
    with unit_of_work(writes=False):
        row = db.session.scalars(select(OutgoingMail).where(OutgoingMail.key == key)).one()
        db.session.expunge(row)
        return row


def wait_for(key: str) -> timedelta:
    due_at = stored(key).due_at
    assert due_at is not None
    return due_at - clock.now()


def let_time_pass(key: str = "") -> None:
    """As if every wait were over; what was given up stays so."""
    waiting = update(OutgoingMail).where(OutgoingMail.due_at.is_not(None), OutgoingMail.key.startswith(key))
    with unit_of_work():
        db.session.execute(waiting.values(due_at=clock.now()))
