"""Following: by a button, by itself, and carried along to the project."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts.commands import delete_account
from app.follows import commands
from app.follows.models import Because, Follow
from app.ideas.commands import set_state, submit_idea
from app.ideas.models import Idea
from app.kit import personal_data
from app.kit.db import db, unit_of_work
from app.kit.errors import Conflict
from app.projects.commands import ProjectText, start_project
from app.voting.commands import support, withdraw_support
from tests.client import Client
from tests.factories import world
from tests.factories.world import idea_text, person
from tests.people import Cast, Person

SignedIn = Callable[[Person], Client]
WORDS = ProjectText(title="Projekt", summary="Kurz.", description="Lang.", reason="Weil.")


@pytest.fixture
def idea(app: Flask, cast: Cast) -> int:
    with app.test_request_context(), unit_of_work():
        return submit_idea(idea_text("Eine Bank"), by=person("anton")).id


def follows(app: Flask, cast: Cast) -> set[tuple[str, int, str, int]]:
    """Everything followed: name, subject, because, via (0 for none)."""
    names = {getattr(cast, name).id: name for name in ("mara", "anton", "ruth", "ada", "sven")}
    with app.app_context(), unit_of_work(writes=False):
        rows = db.session.scalars(db.select(Follow))
        return {(names[row.person_id], row.subject_id, row.because, row.via_subject_id or 0) for row in rows}


def do(app: Flask, act: Callable[[], object]) -> object:
    with app.test_request_context(), unit_of_work():
        return act()


def the(idea_id: int) -> Idea:
    return db.session.get_one(Idea, idea_id)


def test_authors_follow_what_is_theirs(app: Flask, cast: Cast, idea: int) -> None:
    assert follows(app, cast) == {("anton", idea, "own", 0)}


@pytest.mark.parametrize("kind", ["idea", "challenge", "project", "organisation"])
def test_the_button_follows_and_ends_it_and_a_double_click_changes_nothing(
    app: Flask, cast: Cast, signed_in: SignedIn, kind: str
) -> None:
    everything = world.build(app)
    address = {
        "idea": f"/ideas/{everything.idea}",
        "challenge": f"/challenges/{everything.challenge}",
        "project": f"/projects/{everything.project}",
        "organisation": f"/organisations/{everything.organisation}",
    }[kind]
    mara = signed_in(cast.mara)
    page = mara.page(address)
    before = len(follows(app, cast))
    for _click in range(2):
        page.press("Folgen")
    followed = mara.page(address)
    assert followed.select(".follow-button[aria-pressed=true]")
    assert len(follows(app, cast)) == before + 1
    for _click in range(2):
        followed.press("Sie folgen")
    assert len(follows(app, cast)) == before


def test_htmx_gets_the_button_back_and_guests_a_way_in(
    app: Flask, cast: Cast, idea: int, signed_in: SignedIn, client: Client
) -> None:
    mara = signed_in(cast.mara)
    token = mara.page("/").form("#acts").values["csrf_token"][0]
    answer = mara.post(f"/subjects/{idea}/follow", data={"csrf_token": token}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert 'aria-pressed="true"' in answer.get_data(as_text=True)
    assert f"/login?next=/ideas/{idea}" in client.page(f"/ideas/{idea}").select(".follow a")[0].get("href")


def test_what_cannot_be_followed_says_so(app: Flask, cast: Cast, idea: int) -> None:
    with pytest.raises(Conflict):
        do(app, lambda: commands.follow(person("ruth"), by=person("mara")))


def test_supporting_follows_and_taking_it_back_ends_that(app: Flask, cast: Cast, idea: int) -> None:
    do(app, lambda: support(the(idea), by=person("mara")))
    assert ("mara", idea, "support", 0) in follows(app, cast)
    do(app, lambda: withdraw_support(the(idea), by=person("mara")))
    assert follows(app, cast) == {("anton", idea, "own", 0)}


def test_what_was_chosen_by_hand_outlasts_the_support(app: Flask, cast: Cast, idea: int) -> None:
    do(app, lambda: support(the(idea), by=person("mara")))
    do(app, lambda: commands.follow(the(idea), by=person("mara")))
    do(app, lambda: withdraw_support(the(idea), by=person("mara")))
    assert ("mara", idea, "choice", 0) in follows(app, cast)
    do(app, lambda: support(the(idea), by=person("anton")))
    do(app, lambda: withdraw_support(the(idea), by=person("anton")))
    assert ("anton", idea, "own", 0) in follows(app, cast)


def test_somebody_may_say_that_support_is_no_follow(app: Flask, cast: Cast, idea: int) -> None:
    do(app, lambda: commands.save_settings(cast.mara.id, {"follow_supported": False}))
    do(app, lambda: support(the(idea), by=person("mara")))
    assert follows(app, cast) == {("anton", idea, "own", 0)}


def test_followers_of_an_idea_follow_its_project_and_each_can_be_ended(app: Flask, cast: Cast, idea: int) -> None:
    do(app, lambda: commands.follow(the(idea), by=person("mara")))
    project = do(app, lambda: start_project(the(idea), WORDS, by=person("ruth")).id)
    assert isinstance(project, int)
    carried = {("mara", project, "choice", idea), ("anton", project, "own", idea)}
    assert carried <= follows(app, cast)
    do(app, lambda: commands.unfollow(project, by=person("mara")))
    assert ("mara", idea, "choice", 0) in follows(app, cast)
    assert ("mara", project, "choice", idea) not in follows(app, cast)


def test_a_project_of_two_ideas_is_followed_once_and_loses_only_the_reason_that_ended(app: Flask, cast: Cast) -> None:
    def two() -> tuple[int, int]:
        first, second = (submit_idea(idea_text(title), by=person("anton")) for title in ("Eins", "Zwei"))
        for one in (first, second):
            support(one, by=person("mara"))
        return first.id, second.id

    first, second = do(app, two)  # type: ignore[misc]
    project = do(app, lambda: start_project(the(first), WORDS, by=person("ruth"), others=[the(second)]).id)
    assert ("mara", project, "support", first) in follows(app, cast)
    do(app, lambda: withdraw_support(the(first), by=person("mara")))
    mine = {row for row in follows(app, cast) if row[0] == "mara"}
    assert mine == {("mara", second, "support", 0), ("mara", project, "support", second)}
    do(app, lambda: withdraw_support(the(second), by=person("mara")))
    assert not {row for row in follows(app, cast) if row[0] == "mara"}


def test_the_page_of_notifications_lists_and_ends_what_one_follows_and_keeps_switches(
    app: Flask, cast: Cast, idea: int, signed_in: SignedIn
) -> None:
    mara = signed_in(cast.mara)
    assert "Noch nichts" in mara.page("/account").click("Benachrichtigungen")
    do(app, lambda: commands.follow_by_itself(idea, cast.mara.id, Because.SUPPORT))
    page = mara.page("/account/notifications")
    assert "weil Sie es unterstützen" in page
    page.form("/account/notifications").fill(answers=False, follow_supported=False).submit()
    page = mara.page("/account/notifications")
    values = page.form("/account/notifications").values
    assert "answers" not in values
    assert "steps" in values
    page.press("Nicht mehr folgen")
    assert ("mara", idea) not in {row[:2] for row in follows(app, cast)}


def test_a_follow_of_something_no_longer_public_can_be_ended(
    app: Flask, cast: Cast, idea: int, signed_in: SignedIn
) -> None:
    do(app, lambda: commands.follow(the(idea), by=person("mara")))
    do(app, lambda: set_state(the(idea), "hidden", "Nein."))
    page = signed_in(cast.mara).page("/account/notifications")
    assert "Nicht mehr öffentlich" in page
    page.press("Nicht mehr folgen")
    assert follows(app, cast) == {("anton", idea, "own", 0)}


def test_follows_are_exported_and_forgotten(app: Flask, cast: Cast, idea: int) -> None:
    do(app, lambda: commands.follow(the(idea), by=person("mara")))
    with app.test_request_context(), unit_of_work():
        held = personal_data.export_all(cast.mara.id)["follows"]
        assert [row["subject"] for row in held["subjects"]] == [idea]
        delete_account(person("mara"), by=person("mara"))
    assert follows(app, cast) == {("anton", idea, "own", 0)}
