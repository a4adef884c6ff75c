"""Pieces of pages that members share: nobody sees another's, and nothing that is no longer true."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy.exc import OperationalError

from app.challenges.commands import PhaseText, Voting, draft_challenge, save_phases, save_voting, submit_challenge
from app.challenges.models import PHASE_ACTS, PhaseKind
from app.ideas.commands import set_state, submit_idea
from app.ideas.models import Idea, IdeaState
from app.kit import clock, pieces
from app.kit.db import connection, db, unit_of_work
from app.kit.pieces import FEWER, MOST, Piece, Pieces
from app.kit.pipeline import Foreseen
from app.voting.commands import support, withdraw_support
from tests.client import Client
from tests.factories import world
from tests.people import Cast
from tests.support.queries import counted

ADDRESS = "/ideas"


@pytest.fixture
def shipped(make_app: Callable[..., Flask], cast: Cast) -> Flask:
    return make_app(GUEST_CACHE="on")


@pytest.fixture
def idea(shipped: Flask) -> int:
    with shipped.test_request_context(), unit_of_work():
        return submit_idea(world.idea_text("Ein Lastenrad"), by=world.person("anton")).id


def member(app: Flask, key: str) -> Client:
    client = app.test_client()
    assert isinstance(client, Client)
    client.become(key)
    return client


def act(app: Flask, what: Callable[[Idea], object], idea_id: int) -> None:
    with app.test_request_context(), unit_of_work():
        found = db.session.get(Idea, idea_id)
        assert found
        what(found)


def shared(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


def bar(page: str) -> str:
    return page.partition('id="filter"')[2].partition("</form>")[0]


def cards(page: str) -> str:
    return page.partition("list-grid")[2].partition("take-along")[0]


def test_whoever_comes_next_reads_the_same_with_fewer_statements(shipped: Flask, cast: Cast, idea: int) -> None:
    mara, ruth = member(shipped, cast.mara.key), member(shipped, cast.ruth.key)
    first = mara.get(ADDRESS).text
    assert counted(shipped, lambda: mara.get(ADDRESS)) < counted(shipped, lambda: mara.get(f"{ADDRESS}?place=4711"))
    second = ruth.get(ADDRESS).text
    assert "Ein Lastenrad" in second
    assert cards(first) == cards(second)
    assert cast.mara.name not in second
    assert cast.ruth.name in second


def test_a_vote_is_seen_by_whoever_gave_it_as_theirs_and_by_all_as_one_more(
    shipped: Flask, cast: Cast, idea: int
) -> None:
    mara, ruth = member(shipped, cast.mara.key), member(shipped, cast.ruth.key)
    pressed = 'aria-pressed="true"'
    for client in (mara, ruth):
        assert pressed not in client.get(ADDRESS).text
    act(shipped, lambda found: support(found, by=world.person("mara")), idea)
    for _ in range(2):
        assert pressed in mara.get(ADDRESS).text
        assert pressed not in ruth.get(ADDRESS).text
        assert "</span>1</b>" in cards(ruth.get(ADDRESS).text)
    act(shipped, lambda found: withdraw_support(found, by=world.person("mara")), idea)
    assert pressed not in mara.get(ADDRESS).text
    assert "</span>0</b>" in cards(mara.get(ADDRESS).text)


def test_what_another_process_hides_or_edits_is_gone_at_once(
    shipped: Flask, make_app: Callable[..., Flask], cast: Cast, idea: int
) -> None:
    mara, other = member(shipped, cast.mara.key), make_app(GUEST_CACHE="off")
    for _ in range(2):
        assert "Ein Lastenrad" in mara.get(ADDRESS).text
    act(other, lambda found: setattr(found, "title", "Ein Anhänger"), idea)
    assert "Ein Lastenrad" not in mara.get(ADDRESS).text
    assert "Ein Anhänger" in mara.get(ADDRESS).text
    act(other, lambda found: set_state(found, IdeaState.HIDDEN, "Doppelt"), idea)
    assert "Ein Anhänger" not in mara.get(ADDRESS).text
    act(other, lambda found: set_state(found, IdeaState.PUBLISHED, ""), idea)
    assert "Ein Anhänger" in mara.get(ADDRESS).text


def test_language_easy_words_address_and_host_have_pieces_of_their_own(shipped: Flask, cast: Cast, idea: int) -> None:
    mara = member(shipped, cast.mara.key)
    german = shared(mara.get(ADDRESS).text)
    assert "Handlungsfeld" in german
    english = member(shipped, cast.ruth.key).get(ADDRESS, headers={"Accept-Language": "en"}).text
    assert "Handlungsfeld" not in english
    assert 'lang="de"><a' in cards(english)
    assert "sort=supported" in bar(mara.get(f"{ADDRESS}?sort=supported&q=lastenrad").text)
    assert "x=%3Cscript%3E" in bar(mara.get(f"{ADDRESS}?sort=supported&x=%3Cscript%3E").text)
    assert "x=%3Cscript%3E" not in bar(mara.get(f"{ADDRESS}?sort=supported").text)
    mounted = mara.get(ADDRESS, base_url="http://localhost/mitmachen").text
    assert 'href="/mitmachen/ideas/' in cards(mounted)
    assert "/mitmachen/" not in mara.get(ADDRESS).text
    assert mara.get(ADDRESS, base_url="http://evil.example").status_code == 400
    assert shared(mara.get(ADDRESS).text) == german


def test_where_votes_are_counted_each_reads_of_their_own(shipped: Flask, cast: Cast) -> None:
    with shipped.test_request_context(), unit_of_work():
        anton = world.person("anton")
        draft = draft_challenge(world.challenge_text("Stimmen zählen"), by=anton)
        save_phases(
            draft,
            [PhaseText(kind=PhaseKind.COLLECT, last_day=clock.today() + timedelta(days=9), acts=list(PHASE_ACTS))],
            by=anton,
        )
        save_voting(draft, Voting(method="votes", votes_each=3), by=anton)
        submit_challenge(draft, by=anton)
        one = submit_idea(world.idea_text("Ein Karussell", challenge_id=draft.id), by=anton).id
        submit_idea(world.idea_text("Ein Riesenrad", challenge_id=draft.id), by=anton)
    mara, ruth, address = member(shipped, cast.mara.key), member(shipped, cast.ruth.key), f"{ADDRESS}?q=riesenrad"
    before = cards(mara.get(address).text)
    assert before == cards(ruth.get(address).text)
    assert "Karussell" not in before
    act(shipped, lambda found: support(found, by=world.person("mara")), one)
    assert cards(ruth.get(address).text) == before
    assert cards(mara.get(address).text) != before, "she has a vote less for the other one, too"


def test_a_phase_that_ends_ends_what_follows_from_it(shipped: Flask, cast: Cast) -> None:
    with shipped.test_request_context(), unit_of_work():
        anton = world.person("anton")
        draft = world.challenge_draft(anton)
        submit_challenge(draft, by=anton)
        submit_idea(world.idea_text("Ein Karussell", challenge_id=draft.id), by=anton)
    mara = member(shipped, cast.mara.key)
    now = cards(mara.get(ADDRESS).text)
    later = datetime.now(UTC) + timedelta(days=30)
    with time_machine.travel(later, tick=True):
        assert cards(mara.get(ADDRESS).text) != now


def test_no_more_is_kept_than_a_process_can_bear() -> None:
    pieces = Pieces()
    for name, most in (("cards", MOST), *FEWER.items()):
        for number in range(most + 5):
            pieces.keep(name, number, Piece("x", 1, None))
        assert [pieces.find(name, number, 1) is None for number in (0, 4, 5, most + 4)] == [True, True, False, False]
        assert pieces.find(name, most, 2) is None
    assert pieces.find("cards", 5, 1), "threads push out no cards"


@pytest.mark.on("postgresql")
@pytest.mark.parametrize("is_member", [True, False])
def test_whoever_reads_does_not_notice_that_postgresql_was_started_anew(
    shipped: Flask, cast: Cast, idea: int, is_member: bool
) -> None:
    client = member(shipped, cast.mara.key)
    if not is_member:  # a guest with something noted in their session
        with client.session_transaction() as session:
            session.clear()
            session["noted"] = "something"
    for _ in range(3):  # until all is prepared
        assert "Ein Lastenrad" in client.get(ADDRESS).text
    with shipped.app_context(), db.engine.connect() as other:
        others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        assert other.exec_driver_sql(f"SELECT count(pg_terminate_backend(pid, 5000)) {others}").scalar()
    answer = client.get(ADDRESS)
    assert answer.status_code == 200
    assert "Ein Lastenrad" in answer.text


@pytest.mark.on("postgresql")
def test_pages_that_need_no_database_come_while_it_is_away(
    shipped: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        connection()  # has one, and then it is gone
        raise OperationalError("SELECT", (), Exception("away"))

    monkeypatch.setattr(pieces, "foresee_prompt", away)
    mara = member(shipped, cast.mara.key)
    assert mara.get("/healthz").status_code == 200
    assert mara.get(ADDRESS).status_code == 200


@pytest.mark.on("postgresql")
def test_what_was_not_heard_in_time_is_not_asked_later(shipped: Flask) -> None:
    """It might know of more than what was read before."""
    kept, unheard = Pieces(), Foreseen(())
    for _ in range(2):
        with shipped.test_request_context(environ_overrides={pieces.HERE: (kept, unheard)}), unit_of_work(writes=False):
            made = pieces.kept("a name", "a word", make=object)
        assert made
    assert not kept._kept
