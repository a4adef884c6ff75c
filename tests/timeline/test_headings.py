"""What lines say of subjects: to everybody what is public, to people what is their own, to staff all of it."""

from flask import Flask

from app.ideas.commands import set_state, submit_idea
from app.ideas.models import IdeaState
from app.kit.actor import GUEST, Actor, is_staff
from app.kit.db import unit_of_work
from app.subjects.headings import headings
from tests.factories import world
from tests.people import Cast
from tests.support.queries import statements


def test_who_may_not_see_a_hidden_idea_is_not_told_its_title(app: Flask, cast: Cast) -> None:
    with app.test_request_context():
        with unit_of_work():
            public, hidden = (submit_idea(world.idea_text(title), by=world.person("anton")) for title in ("A", "B"))
            ids = {public.id: "A", hidden.id: "B"}
            set_state(hidden, IdeaState.HIDDEN, "Doppelt")
        readers = {"guest": GUEST} | {name: world.person(name) for name in ("mara", "anton", "ruth")}
        seen = {name: told_to(reader, ids) for name, reader in readers.items()}
    assert seen == {"guest": ["A"], "mara": ["A"], "anton": ["A", "B"], "ruth": ["A", "B"]}


def told_to(reader: Actor, ids: dict[int, str]) -> list[str]:
    return sorted(one.title for one in headings(reader, list(ids))[0].values())


def test_what_is_public_is_one_statement_for_everybody(app: Flask, cast: Cast) -> None:
    with app.test_request_context():
        with unit_of_work():
            idea = submit_idea(world.idea_text("A"), by=world.person("anton")).id
        readers = [GUEST, *(world.person(name) for name in ("mara", "anton", "ruth"))]
        for reader in readers:
            is_staff(reader)  # roles are asked for once in a request
            assert len(statements(app, lambda reader=reader: headings(reader, [idea], [readers[1].id]))) == 1
