"""What the page of an idea answers at a glance, in each of its states."""

from flask import Flask

from app.ideas.models import Idea
from app.kit.db import db, unit_of_work
from tests.client import Client
from tests.factories import world
from tests.people import Cast


def glance(client: Client, idea_id: int) -> dict[str, str]:
    page = client.page(f"/ideas/{idea_id}")
    return dict(zip(page.texts(".glance dt"), page.texts(".glance dd"), strict=True))


def put(app: Flask, idea_id: int, status: str) -> None:
    with app.app_context(), unit_of_work():
        idea = db.session.get(Idea, idea_id)
        assert idea is not None
        idea.status = status
        db.session.flush()


def test_an_idea_in_discussion(app: Flask, cast: Cast, client: Client) -> None:
    said = glance(client, world.build(app).idea)
    assert list(said) == ["Stand", "Als Nächstes", "Sie können", "Zuständig"]
    assert said["Stand"].startswith("In Diskussion")
    assert said["Als Nächstes"].startswith("In Prüfung")
    assert said["Sie können"] == "unterstützen, mitreden, folgen"


def test_an_idea_whose_journey_ended(app: Flask, cast: Cast, client: Client) -> None:
    idea_id = world.build(app).idea
    put(app, idea_id, "not_pursued")
    said = glance(client, idea_id)
    assert said["Als Nächstes"].startswith("Hier endet der Weg")
    assert said["Sie können"] == "mitreden, folgen Unterstützen geht nicht mehr."


def test_an_idea_that_is_a_project(app: Flask, cast: Cast, client: Client) -> None:
    made = world.build(app)
    put(app, made.promoted_idea, "project")
    assert glance(client, made.promoted_idea)["Als Nächstes"].startswith("Es geht beim Projekt weiter")
