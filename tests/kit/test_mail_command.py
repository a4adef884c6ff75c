"""An operator who sends a test mail hears where it went."""

from dataclasses import replace

import pytest
from flask import Flask


@pytest.mark.parametrize(("host", "words"), [("", "SMTP_HOST is not set"), ("mail.example", "The mail server took")])
def test_a_test_mail_says_where_it_went(app: Flask, host: str, words: str) -> None:
    own = app.extensions["settings"]
    app.extensions["settings"] = replace(own, smtp_host=host)
    done = app.test_cli_runner().invoke(args=["mail", "test", "anna@example.org"])
    app.extensions["settings"] = own
    assert done.exit_code == 0, done.output
    assert words in done.output
    assert (str(own.data_dir / "mail") in done.output) is not bool(host)
