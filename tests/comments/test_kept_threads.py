"""Threads that members share: nobody is given what is another's own, and nothing that was hidden."""

from collections.abc import Callable
from unittest import mock

import pytest
from flask import Flask

from app.accounts import commands as accounts
from app.comments import commands
from app.comments.commands import write_comment
from app.comments.models import Comment
from app.comments.queries import WORTH_KEEPING
from app.ideas.commands import submit_idea
from app.ideas.models import Idea
from app.kit import pieces
from app.kit.db import db, unit_of_work
from tests.client import Client
from tests.factories import world
from tests.people import Cast, Person

REPLIES = 6
TOKEN = 'name="csrf_token" value="'


@pytest.fixture
def shipped(make_app: Callable[..., Flask], cast: Cast) -> Flask:
    return make_app(GUEST_CACHE="on")


@pytest.fixture
def idea(shipped: Flask) -> int:
    with shipped.test_request_context(), unit_of_work():
        anton = world.person("anton")
        idea = submit_idea(world.idea_text("Ein Lastenrad"), by=anton)
        db.session.flush()
        for number in range(REPLIES):
            write_comment(idea, f"Das ist der Gedanke Nummer {number}", by=anton)
        return idea.id


@pytest.fixture
def nele(shipped: Flask) -> Person:
    """A further member, trusted."""
    with shipped.app_context(), unit_of_work():
        accounts.add_person(email="nele@example.org", name="Nele Pohl", trusted=True)
    with shipped.app_context(), unit_of_work(writes=False):
        found = accounts.queries.person_by_email("nele@example.org")
        assert found
        return Person(found.id, found.name, str(found.email), found.fs_uniquifier)


def member(app: Flask, person: Person) -> Client:
    client = app.test_client()
    assert isinstance(client, Client)
    client.become(person.key)
    return client


def thread(page: str) -> str:
    return page.partition('<ul class="comments">')[2].partition("</main>")[0]


def plain(page: str) -> str:
    """A thread without the tokens in its forms."""
    first, *others = thread(page).split(TOKEN)
    return first + "".join(other.partition('"')[2] for other in others)


def tokens(page: str) -> set[str]:
    return {one.partition('"')[0] for one in page.split(TOKEN)[1:]}


def drawn(act: Callable[[], str]) -> tuple[str, int]:
    """What an act answers, and how many threads were written for it."""
    written = []
    keep = pieces.Pieces.keep

    def noted(self: pieces.Pieces, name: str, key: object, piece: pieces.Piece) -> None:
        written.append(name)
        keep(self, name, key, piece)

    with mock.patch.object(pieces.Pieces, "keep", noted):
        return act(), written.count("comments")


def test_who_comes_next_reads_the_same_with_a_token_of_their_own(
    shipped: Flask, cast: Cast, idea: int, nele: Person
) -> None:
    mara, other, address = member(shipped, cast.mara), member(shipped, nele), f"/ideas/{idea}"
    first, written = drawn(lambda: mara.get(address, follow_redirects=True).text)
    second, again = drawn(lambda: other.get(address, follow_redirects=True).text)
    assert (written, again) == (1, 0)
    assert plain(first) == plain(second)
    assert first.count("Das ist der Gedanke") == REPLIES >= WORTH_KEEPING
    assert len(tokens(first)) == len(tokens(second)) == 1
    assert not tokens(first) & tokens(second)
    assert str(pieces.TOKEN_PLACE) not in first + second


def test_what_was_kept_can_be_answered_by_each(shipped: Flask, cast: Cast, idea: int, nele: Person) -> None:
    for person in (cast.mara, nele):
        client = member(shipped, person)
        for turn in range(2):
            page = client.page(f"/ideas/{idea}")
            form = page.select('.reply form[action$="/comments"]')[0]
            body = {one.get("name"): one.get("value") for one in form.xpath(".//input[@name]")}
            client.send(form.get("action"), {"data": body | {"body": f"Antwort {turn} von {person.name}"}})
    assert "Antwort 1 von Nele Pohl" in member(shipped, nele).page(f"/ideas/{idea}").html


def test_ones_own_a_moderators_and_a_guests_threads_are_their_own(
    shipped: Flask, cast: Cast, idea: int, nele: Person
) -> None:
    address = f"/ideas/{idea}"
    look = {
        person.name: drawn(lambda person=person: member(shipped, person).get(address, follow_redirects=True).text)
        for person in (cast.anton, cast.ruth, nele, cast.sven)
    }
    guest, by_guest = drawn(lambda: shipped.test_client().get(address, follow_redirects=True).text)
    delete, hide = "Ja, Kommentar löschen", "Ausblenden"
    assert [thread(look[name][0]).count(delete) for name in look] == [REPLIES, 0, 0, 0]
    assert [thread(look[name][0]).count(hide) > 0 for name in look] == [False, True, False, False]
    answering = [thread(look[name][0]).count("antwort-auf-") > 0 for name in look]
    assert answering == [True, True, True, False], "who is suspended reads a thread without forms"
    assert [look[name][1] for name in look] + [by_guest] == [0, 0, 1, 1, 0]
    assert "csrf_token" not in guest


def test_what_another_process_says_hides_or_renames_shows_at_once(
    shipped: Flask, make_app: Callable[..., Flask], cast: Cast, idea: int
) -> None:
    mara, other, address = member(shipped, cast.mara), make_app(GUEST_CACHE="off"), f"/ideas/{idea}"

    def read() -> str:
        return thread(mara.get(address, follow_redirects=True).text)

    def act(what: Callable[[Idea, Comment], object]) -> None:
        with other.test_request_context(), unit_of_work():
            about = db.session.get(Idea, idea)
            newest = db.session.query(Comment).order_by(Comment.id.desc()).first()
            assert about
            assert newest
            what(about, newest)

    for _ in range(2):
        assert f"Nummer {REPLIES - 1}" in read()
    act(lambda about, newest: write_comment(about, "Noch ein Gedanke", by=world.person("anton")))
    assert "Noch ein Gedanke" in read()
    act(lambda about, newest: commands.set_state(newest, "hidden", "Werbung"))
    assert "Noch ein Gedanke" not in read()
    act(lambda about, newest: commands.set_state(newest, "published", ""))
    assert "Noch ein Gedanke" in read()
    act(lambda about, newest: setattr(world.person("anton"), "own_name", "Anton Krug"))
    assert "Anton Krug" in read()
    act(lambda about, newest: commands.delete_comment(newest, by=world.person("anton")))
    assert "Noch ein Gedanke" not in read()
    act(lambda about, newest: accounts.suspend(world.person("mara"), actor_id=0))
    assert "antwort-auf-" not in read(), "whoever is suspended is offered no answering"


def test_an_answer_that_is_refused_is_kept_as_that_answer(shipped: Flask, cast: Cast, idea: int) -> None:
    client = member(shipped, cast.mara)
    page = client.page(f"/ideas/{idea}")
    reply = page.select('.reply form[action$="/comments"]')[0]
    body = {one.get("name"): one.get("value") for one in reply.xpath(".//input[@name]")}
    refused = client.send(reply.get("action"), {"data": body | {"body": "  "}}, expect=422)
    [form] = refused.select("#kommentare > form.write")
    assert form.get("data-draft-key") == reply.get("data-draft-key") == f"antwort-auf-{body['parent']}"
    assert form.xpath(".//input[@name='parent']/@value") == [body["parent"]]
    assert "Antwort veröffentlichen" in form.text_content()
    assert form.xpath(".//a[contains(., 'Abbrechen')]/@href")[0].endswith("#kommentare")


def test_what_waits_for_a_moderator_is_answered_by_nobody_who_cannot_read_it(
    shipped: Flask, cast: Cast, idea: int, nele: Person
) -> None:
    with shipped.test_request_context(), unit_of_work():
        about = db.session.get(Idea, idea)
        assert about
        waiting = write_comment(about, "Das wartet noch", by=world.person("mara"))
        assert waiting.state == "pending"
        parent = str(waiting.id)
    for person, expected in ((nele, 409), (cast.mara, 200), (cast.ruth, 200)):
        client = member(shipped, person)
        [token] = tokens(client.page(f"/ideas/{idea}").html)
        said = {"csrf_token": token, "parent": parent, "body": f"Dazu sagt {person.name} etwas"}
        client.send(f"/subjects/{idea}/comments", {"data": said}, expect=expected)
