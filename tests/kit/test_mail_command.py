"""An operator who sends a test mail hears where it went."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask

from tests.support.mailbox import Mailbox, text_of_message

ADDRESS = "anna@example.org"


def test_a_test_mail_goes_to_the_mail_server(app: Flask, smtp: Mailbox) -> None:
    done = app.test_cli_runner().invoke(args=["mail", "test", ADDRESS])
    assert (done.exit_code, done.output) == (0, f"The mail server took a mail for {ADDRESS}.\n")
    assert smtp.subjects_to(ADDRESS) == ["Testnachricht"]
    assert text_of_message(smtp.last_to(ADDRESS)).strip() == "Der Mailversand dieser Plattform funktioniert."


def test_what_the_mail_server_says_against_it_is_shown(app: Flask, smtp: Mailbox) -> None:
    smtp.refuse = True
    run = app.test_cli_runner()
    refused, nobody = (run.invoke(args=["mail", "test", address]) for address in (ADDRESS, "kein Mensch"))
    assert refused.exit_code == nobody.exit_code == 1
    assert "Error: The mail was not sent: " in refused.output
    assert "Try again later" in refused.output
    assert "Error: The mail was not sent: " in nobody.output


def test_without_a_mail_server_it_is_a_file(make_app: Callable[..., Flask], smtp: Mailbox, tmp_path: Path) -> None:
    done = make_app(SMTP_HOST="", DATA_DIR=str(tmp_path)).test_cli_runner().invoke(args=["mail", "test", ADDRESS])
    assert done.exit_code == 0, done.output
    assert done.output == f"SMTP_HOST is not set: the mail for {ADDRESS} is a file in {tmp_path / 'mail'}.\n"
    (file,) = (tmp_path / "mail").iterdir()
    assert f"To: {ADDRESS}" in file.read_text()
    assert "Subject: Testnachricht" in file.read_text()
    assert smtp.messages == []
