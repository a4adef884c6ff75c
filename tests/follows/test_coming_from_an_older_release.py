"""The release that brings follows begins with those who already care."""

from flask import Flask
from flask_migrate import downgrade, upgrade

from app.follows.models import Follow
from app.ideas.commands import submit_idea
from app.kit.db import db, unit_of_work
from app.projects.commands import ProjectText, start_project
from app.voting.commands import support
from tests.factories.world import idea_text, person
from tests.house.source import ROOT
from tests.people import Cast

WORDS = ProjectText(title="Projekt", summary="Kurz.", description="Lang.", reason="Weil.")
MIGRATIONS = str(ROOT / "migrations")


def test_authors_and_supporters_follow_ideas_and_the_projects_made_of_them(app: Flask, cast: Cast) -> None:
    with app.test_request_context(), unit_of_work():
        idea = submit_idea(idea_text("Eine Bank"), by=person("anton"))
        for one in ("anton", "mara"):
            support(idea, by=person(one))
        project = start_project(idea, WORDS, by=person("ruth"))
        ids = idea.id, project.id
    expected = {
        (cast.anton.id, ids[0], "own", None),
        (cast.mara.id, ids[0], "support", None),
        (cast.anton.id, ids[1], "own", ids[0]),
        (cast.mara.id, ids[1], "support", ids[0]),
    }
    assert followed(app) == expected
    with app.app_context():
        db.session.remove()
        downgrade(MIGRATIONS, "0003")
        upgrade(MIGRATIONS)
    assert followed(app) == expected


def followed(app: Flask) -> set[tuple[int, int, str, int | None]]:
    with app.app_context(), unit_of_work(writes=False):
        rows = db.session.scalars(db.select(Follow))
        return {(row.person_id, row.subject_id, row.because, row.via_subject_id) for row in rows}
