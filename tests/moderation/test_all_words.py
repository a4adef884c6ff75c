"""Whoever approves something has read all of it: each text that can be written stands on the case page."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import String, inspect

from app.attachments.models import File, Picture
from app.challenges.models import (
    Challenge,
    ChallengeCriterion,
    ChallengeLink,
    ChallengeNews,
    ChallengePhase,
    ChallengeQuestion,
)
from app.comments.models import Comment
from app.ideas.models import Idea, IdeaVersion, QuestionAnswer
from app.kit import clock
from app.kit.db import db, unit_of_work
from app.moderation.commands import report
from app.moderation.models import Ground
from app.organisations.models import Organisation
from app.projects.models import Project, ProjectUpdate
from app.subjects import registry
from tests.client import Client
from tests.factories import world as worlds
from tests.factories.world import World, person
from tests.people import Cast

# Columns nobody types words into: chosen from a list, made by the platform, or brought along by an import.
MACHINE = {"slug", "sort_name", "state", "state_reason", "status", "stage", "kind", "category", "voting_method"}
MACHINE |= {"preview_token", "author_name", "stem", "key"}
# What a thing is made of beside its own row.
PARTS: dict[type[Any], tuple[type[Any], ...]] = {
    Challenge: (ChallengeQuestion, ChallengePhase, ChallengeLink, ChallengeCriterion, ChallengeNews, Picture, File),
    Idea: (QuestionAnswer, Picture, File),
    Project: (ProjectUpdate,),
    Organisation: (Picture,),
    Comment: (),
}


@pytest.fixture
def world(app: Flask, cast: Cast) -> World:
    return worlds.build(app)


def columns_of(model: type[Any]) -> list[str]:
    mapper = inspect(model)
    return [column.key for column in mapper.column_attrs if isinstance(column.columns[0].type, String)]


def marked(thing: Any) -> Iterator[str]:
    """Write a word of its own into each text of a thing."""
    for name in columns_of(type(thing)):
        if name not in MACHINE:
            word = f"Wort{type(thing).__name__}{name.replace('_', '')}"
            setattr(thing, name, f"https://{word}.example" if name in ("url", "website") else word)
            yield word


def parts_of(thing: Any) -> Iterator[Any]:
    """One of each part; made where there is none."""
    for model in PARTS[type(thing)]:
        keys = [name for name in ("challenge_id", "idea_id", "project_id", "subject_id") if hasattr(model, name)]
        yield db.session.scalars(db.select(model).where(getattr(model, keys[0]) == thing.id)).first() or made(
            model, {keys[0]: thing.id}
        )


def made(model: type[Any], key: dict[str, int]) -> Any:
    values: dict[type[Any], dict[str, Any]] = {
        ChallengeQuestion: {"position": 9, "kind": "text", "label": ""},
        ChallengePhase: {"position": 9, "kind": "vote", "acts_mask": 0, "by_hand": True},
        ChallengeLink: {"position": 9, "label": "", "url": ""},
        ChallengeCriterion: {"position": 9, "name": ""},
        Picture: {"uploader_id": person("anton").id, "stem": "ein-bild", "widths": [480], "width": 480, "height": 320},
        File: {"uploader_id": person("anton").id, "key": f"k{key}", "kind": "pdf", "size": 1, "name": ""},
        QuestionAnswer: {},
    }
    if model is QuestionAnswer:
        asked = ChallengeQuestion(challenge_id=challenge_of(key["idea_id"]), **values[ChallengeQuestion])
        db.session.add(asked)
        db.session.flush()
        key |= {"question_id": asked.id}
    row = model(**values[model], **key)
    db.session.add(row)
    return row


def challenge_of(idea_id: int) -> int | None:
    return db.session.get_one(Idea, idea_id).challenge_id


@pytest.mark.parametrize("model", PARTS, ids=lambda model: model.__name__.lower())
def test_each_text_of_a_thing_stands_on_its_case_page(
    app: Flask, cast: Cast, signed_in: Callable[..., Client], world: World, model: type[Any]
) -> None:
    number = db_id(app, world, model)
    with app.test_request_context(), unit_of_work():
        thing = db.session.get_one(model, number)
        report(thing, ground=Ground.LAW, text="Bitte ansehen.", email="", by=person("mara"))
        words = list(marked(thing))
        for part in list(parts_of(thing)):
            words += marked(part)
        if model is Idea:
            version = db.session.scalars(db.select(IdeaVersion).where(IdeaVersion.idea_id == number)).one()
            version.note, version.created_at = "WortNotiz", clock.now()
            words.append("WortNotiz")
    ruth = signed_in(cast.ruth)
    rows = ruth.page("/moderation?cause=report").select(".cases a")
    pages = [ruth.page(row.get("href")) for row in rows]
    page = max(pages, key=lambda page: sum(word in page.main for word in words))
    assert [word for word in words if word not in page.main] == []


def db_id(app: Flask, world: World, model: type[Any]) -> int:
    with app.app_context(), unit_of_work(writes=False):
        if model is Organisation:
            return db.session.scalars(db.select(Organisation.id).where(Organisation.slug == world.organisation)).one()
    return {Challenge: world.challenge, Idea: world.idea, Project: world.project, Comment: world.comment}[model]


def test_every_kind_that_can_be_hidden_is_looked_at_here(app: Flask) -> None:
    hideable = {name for name, kind in registry._kinds.items() if kind.set_state is not None}
    assert hideable == {model.kind for model in PARTS}
