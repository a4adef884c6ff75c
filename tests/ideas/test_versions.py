"""Every version of an idea is kept; two people at one text are told of each other; who may read which version."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.ideas import commands, queries
from app.ideas.models import Coauthor, Idea, IdeaVersion
from app.kit.db import db, unit_of_work
from tests.client import Client
from tests.factories.world import World, idea_text, person
from tests.people import Cast, Person

SignedIn = Callable[[Person], Client]


def edit(app: Flask, idea_id: int, who: str = "anton", **changes: object) -> None:
    """Change an idea by the command."""
    options = {name: changes.pop(name) for name in ("note", "based_on") if name in changes}
    with app.test_request_context(), unit_of_work():
        idea = db.session.get_one(Idea, idea_id)
        text = idea_text(str(changes.pop("title", idea.title)), challenge_id=idea.challenge_id, **changes)
        commands.edit_idea(idea, text, by=person(who), **options)  # type: ignore[arg-type]


def numbers(app: Flask, idea_id: int) -> list[tuple[int, bool]]:
    with app.app_context(), unit_of_work(writes=False):
        rows = db.session.scalars(db.select(IdeaVersion).where(IdeaVersion.idea_id == idea_id))
        return sorted((row.number, row.is_public) for row in rows)


def test_each_edit_is_a_version_and_saying_the_same_is_none(app: Flask, world: World) -> None:
    assert numbers(app, world.idea) == [(1, True)]
    edit(app, world.idea, problem="Ein größeres Problem.")
    edit(app, world.idea, problem="Ein größeres Problem.")
    assert numbers(app, world.idea) == [(1, True), (2, True)]


def test_the_page_leads_to_a_diff_by_words(app: Flask, client: Client, world: World) -> None:
    assert not client.page(f"/ideas/{world.idea}").links("Änderungen ansehen")
    edit(app, world.idea, problem="Das ganz große Problem.", note="Das Problem ist größer.")
    history = client.page(f"/ideas/{world.idea}").click("Änderungen ansehen")
    assert "Das Problem ist größer." in history
    version = history.click("Fassung 2")
    assert version.texts(".changes ins") == ["neu: ganz große Ende neu"]
    assert version.texts("section h3")[0] == "Was ist das Problem?"
    client.page(f"/ideas/{world.idea}/history/3", expect=404)


def test_an_idea_of_before_gets_its_first_version_when_it_is_changed(app: Flask, client: Client, world: World) -> None:
    with app.app_context(), unit_of_work():
        db.session.execute(db.delete(IdeaVersion))
    assert "nichts geändert" in client.page(f"/ideas/{world.idea}/history")
    edit(app, world.idea, problem="Anders.")
    assert numbers(app, world.idea) == [(1, True), (2, True)]
    assert "Das Problem." in client.page(f"/ideas/{world.idea}/history/1")


def test_a_version_that_waits_is_read_by_its_author_and_staff_alone(
    app: Flask, cast: Cast, client: Client, signed_in: SignedIn, world: World
) -> None:
    ruth = signed_in(cast.ruth)
    ruth.page(f"/moderation/{world.case}").form("/decision").fill(measure="approve").submit()
    edit(app, world.waiting_idea, who="mara", title="Ein Dach", problem="Erster Versuch.")
    edit(app, world.waiting_idea, who="mara", title="Ein Dach", problem="Zweiter Versuch.")
    assert numbers(app, world.waiting_idea) == [(1, True), (2, False), (3, False)]
    assert "nicht öffentlich" in signed_in(cast.mara).page(f"/ideas/{world.waiting_idea}/history")
    case = ruth.page("/moderation").click("Ein Dach")
    case.form("/decision").fill(measure="approve").submit()
    assert numbers(app, world.waiting_idea) == [(1, True), (2, False), (3, True)]
    client.page(f"/ideas/{world.waiting_idea}/history/2", expect=404)
    shown = client.page(f"/ideas/{world.waiting_idea}/history/3")
    assert "gegenüber Fassung 1" in shown, "the diff is from the version before that readers may see"
    assert "Erster Versuch" not in shown


def test_staff_hides_an_older_version_but_not_the_one_that_counts(
    app: Flask, cast: Cast, client: Client, signed_in: SignedIn, world: World
) -> None:
    edit(app, world.idea, problem="Ohne die Nummer.")
    ruth = signed_in(cast.ruth)
    ruth.page(f"/ideas/{world.idea}/history/1").press("Diese Fassung verbergen")
    client.page(f"/ideas/{world.idea}/history/1", expect=404)
    assert not ruth.page(f"/ideas/{world.idea}/history/2").has_form("Diese Fassung verbergen")
    ruth.page(f"/ideas/{world.idea}/history/1").press("Diese Fassung wieder zeigen")
    client.page(f"/ideas/{world.idea}/history/1")


def test_who_saves_over_somebody_else_sees_both_texts_first(
    app: Flask, cast: Cast, signed_in: SignedIn, world: World
) -> None:
    mine = signed_in(cast.anton).page(f"/ideas/{world.idea}/edit").form("/edit").fill(problem="Mein Entwurf.")
    with app.test_request_context(), unit_of_work():
        db.session.add(Coauthor(idea_id=world.idea, person_id=cast.mara.id))
    edit(app, world.idea, "mara", problem="Kleiner Hund.")
    conflict = mine.submit("Änderungen speichern", expect=409)
    assert conflict.texts("#inzwischen h2") == ["Inzwischen hat jemand anderes diese Idee geändert"]
    assert "Mara Albrecht hat am" in conflict.texts("#inzwischen")[0]
    assert "Kleiner Hund" in " ".join(conflict.texts("#inzwischen del"))
    form = conflict.form("/edit")
    assert form.values["problem"] == ["Mein Entwurf."], "nothing typed is lost"
    assert "Mein Entwurf." in form.submit("Änderungen speichern"), "sent once more, it counts"
    assert [number for number, _shown in numbers(app, world.idea)] == [1, 2, 3]
    taken = conflict.click("Gespeicherte Fassung übernehmen").form("/edit")
    assert taken.values["problem"] == ["Mein Entwurf."]


def test_who_saved_in_another_window_is_not_called_somebody_else(
    app: Flask, cast: Cast, signed_in: SignedIn, world: World
) -> None:
    mine = signed_in(cast.anton).page(f"/ideas/{world.idea}/edit").form("/edit").fill(problem="Mein Entwurf.")
    edit(app, world.idea, "anton", problem="Kleiner Hund.")
    conflict = mine.submit("Änderungen speichern", expect=409)
    assert conflict.texts("#inzwischen h2") == ["Sie haben diese Idee inzwischen selbst geändert"]
    assert "Anton Böhme" not in conflict.texts("#inzwischen")[0]


def test_two_tabs_that_say_the_same_are_no_conflict(app: Flask, cast: Cast, signed_in: SignedIn, world: World) -> None:
    mine = signed_in(cast.anton).page(f"/ideas/{world.idea}/edit").form("/edit").fill(problem="Gleich.")
    signed_in(cast.anton).page(f"/ideas/{world.idea}/edit").form("/edit").fill(problem="Gleich.").submit("Änderungen")
    assert "Gleich." in mine.submit("Änderungen speichern")


def test_the_command_refuses_what_is_based_on_an_older_version(app: Flask, world: World) -> None:
    edit(app, world.idea, problem="Zwei.")
    with pytest.raises(commands.ChangedMeanwhile):
        edit(app, world.idea, problem="Drei.", based_on=1)
    assert numbers(app, world.idea) == [(1, True), (2, True)]


def test_supporters_see_that_the_text_changed_since(app: Flask, cast: Cast, signed_in: SignedIn, world: World) -> None:
    mara = signed_in(cast.mara)
    mara.page(f"/ideas/{world.idea}").press("Unterstützen")
    words = "seit Sie die Idee unterstützen"
    assert words not in mara.page(f"/ideas/{world.idea}")
    edit(app, world.idea, problem="Jetzt ganz anders.")
    assert words in mara.page(f"/ideas/{world.idea}")
    assert words not in signed_in(cast.ruth).page(f"/ideas/{world.idea}")


def test_its_author_reads_until_when_it_may_be_changed(
    app: Flask, cast: Cast, signed_in: SignedIn, client: Client, world: World
) -> None:
    anton = signed_in(cast.anton)
    assert "bis die Prüfung beginnt" in anton.page(f"/ideas/{world.idea}")
    with app.test_request_context(), unit_of_work():
        commands.set_status(db.session.get_one(Idea, world.idea), "under_review")
    page = anton.page(f"/ideas/{world.idea}")
    assert "Der Text steht fest" in page
    assert not page.links("Bearbeiten")
    assert "Der Text steht fest" not in client.page(f"/ideas/{world.idea}")
    anton.page(f"/ideas/{world.idea}/edit", expect=403)


def test_a_version_holds_topic_and_place_in_words(app: Flask, world: World) -> None:
    with app.test_request_context(), unit_of_work(writes=False):
        version = queries.newest_version(world.idea)
        assert version is not None
        assert version.facts["topic"]
