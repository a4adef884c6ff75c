"""What stands around a page is asked for once, also by whoever asks before it is known who reads."""

from flask import Flask

from app.kit import frame
from tests.support.queries import counted


def test_what_only_members_see_is_asked_for_when_others_were_before(app: Flask) -> None:
    with app.test_request_context("/"):
        assert counted(app, lambda: frame.value("look_version")) == 1
        assert counted(app, lambda: frame.value("look")) == 0
        assert frame.value("cases") == 0


def test_a_request_that_writes_remembers_nothing(app: Flask) -> None:
    with app.test_request_context("/", method="POST"):
        assert [counted(app, lambda: frame.value("look")) for _again in range(2)] == [1, 1]
