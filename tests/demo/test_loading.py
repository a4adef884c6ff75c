"""The demo content comes in through the platform's commands and ends where its files say."""

from types import SimpleNamespace

import pytest
from flask import Flask

from app.accounts.queries import demo_people
from app.demo.commands import demo_sign_ins, telling
from app.demo.commands.entries import entries
from app.kit.db import unit_of_work


def test_it_loads_whole_counts_right_and_loading_again_changes_nothing(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    loaded = run(args=["demo", "load"], catch_exceptions=False)
    assert loaded.output == "Demo content loaded.\n"  # it checks by itself that everything ended where it should
    assert run(args=["recount"], catch_exceptions=False).output.startswith("0 differences")
    assert run(args=["demo", "load", "--if-empty"], catch_exceptions=False).output == ""
    assert run(args=["demo", "load"]).exit_code == 1
    with app.app_context(), unit_of_work(writes=False):
        assert demo_people() == len(entries("people"))


def test_it_says_what_ended_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    one = {"key": "here", "state": "published", "status": "realised"}
    monkeypatch.setattr(telling, "entries", lambda kind: [one])
    known = SimpleNamespace(state="published", status="in_discussion")
    assert telling.strays(SimpleNamespace(known={"here": known})) == ["here", "here"]  # type: ignore[arg-type]


def test_the_start_introduces_a_member_an_owner_a_moderator_and_an_administrator() -> None:
    assert sorted(what for _address, what in demo_sign_ins()) == [
        "administrator, moderator",
        "member",
        "moderator",
        "owner of Flickwerk eG",
    ]
