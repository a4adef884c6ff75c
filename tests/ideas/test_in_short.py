"""Ideas and people in short, as acts see them: the same answers as in full, and what changed meanwhile counts."""

from collections.abc import Callable
from threading import Thread

import pytest
from flask import Flask, g, session
from sqlalchemy import func, select

from app.accounts.commands import suspend
from app.challenges import commands as challenges
from app.comments.commands import set_state as set_comment_state
from app.comments.commands import write_comment
from app.comments.models import Comment
from app.ideas.commands import set_state, submit_idea
from app.ideas.models import Idea
from app.ideas.queries import foresee_idea_in_short, hold, idea_in_short
from app.kit.access import act_at_once, current_actor, remember_person
from app.kit.actor import GUEST
from app.kit.counters import differences
from app.kit.db import begin_writing, db, known_session, unit_of_work
from app.kit.errors import Conflict, Gone, NotFound
from app.organisations.queries import acting
from app.subjects.acts import Act
from app.subjects.models import ActivityRow
from app.voting.commands import support
from app.voting.models import Support
from app.voting.queries import foresee_given
from tests.client import Client
from tests.factories.challenges import a_challenge, a_phase, an_answer, in_days
from tests.factories.world import idea_text, person
from tests.people import Cast

SPANS: tuple[tuple[int | None, int | None], ...] = ((-9, -5), (-5, 5), (5, 9), (None, -1), (-1, None), (None, None))


@pytest.mark.parametrize("kind", ["collect", "discuss", "assess", "vote", "decide"])
def test_the_same_acts_are_open_on_an_idea_in_short(app: Flask, cast: Cast, kind: str) -> None:
    with app.test_request_context(), unit_of_work():
        ids = []
        for first, last in SPANS:
            challenge = a_challenge()
            ids.append(an_answer(challenge).id)
            days = [in_days(day) if day is not None else None for day in (first, last)]
            challenges.save_phases(challenge, [a_phase(kind, *days)], by=person("ruth"))
        ids.append(submit_idea(idea_text("Frei"), by=person("anton")).id)
    with app.test_request_context(), unit_of_work(writes=False):
        for id_ in ids:
            full, short = db.session.get_one(Idea, id_), idea_in_short(GUEST, id_)
            assert [short.allows(act) for act in Act] == [full.allows(act) for act in Act], id_
            assert (short.title, short.slug, short.accepts_support) == (full.title, full.slug, full.accepts_support)


def test_what_was_hidden_between_reading_and_writing_takes_no_support(app: Flask, cast: Cast) -> None:
    idea_id = an_idea(app)
    with app.test_request_context(), unit_of_work(writes=False):
        short = idea_in_short(person("mara"), idea_id)
        elsewhere(app, lambda: set_state(db.session.get_one(Idea, idea_id), "hidden", "Doppelt."))
        assert short.accepts_support
        with pytest.raises(Conflict):
            support(short, by=person("mara"))
    with app.test_request_context(), unit_of_work(writes=False):
        with pytest.raises(Gone):
            idea_in_short(person("mara"), idea_id)
        with pytest.raises(NotFound):
            idea_in_short(person("mara"), 999_999)
        assert isinstance(idea_in_short(person("anton"), idea_id), Idea)


def test_an_idea_in_short_is_read_anew_once_writing_has_begun(app: Flask, cast: Cast) -> None:
    idea_id = an_idea(app)
    with app.test_request_context(), unit_of_work(writes=False):
        short = idea_in_short(GUEST, idea_id)
        elsewhere(app, lambda: support(db.session.get_one(Idea, idea_id), by=person("ruth")))
        begin_writing()
        hold(short)
        assert (short.supporters_count, short.is_held) == (1, True)


def test_who_was_suspended_or_has_left_meanwhile_does_not_act(app: Flask, cast: Cast) -> None:
    with app.test_request_context(), unit_of_work():
        assert not acting(cast.anton.key).suspended
        assert acting(cast.sven.key).suspended
        assert acting(cast.ruth.key).role_names == {"moderator"}
    with app.test_request_context(), unit_of_work(writes=False):
        assert not person("anton").suspended
        elsewhere(app, lambda: suspend(person("anton"), actor_id=cast.ruth.id))
        begin_writing()
        assert acting(cast.anton.key).suspended
        person("anton").active = False
        db.session.flush()
        assert acting(cast.anton.key) is GUEST


def test_a_guest_does_not_begin_to_write(app: Flask) -> None:
    with app.test_request_context(), unit_of_work(writes=False):
        assert act_at_once() is GUEST
        assert "acting" not in g
        assert current_actor() is GUEST


def test_the_button_that_is_swapped_in_counts_the_vote(app: Flask, cast: Cast) -> None:
    idea_id, client = an_idea(app), app.test_client()
    assert isinstance(client, Client)
    client.become(cast.mara.key)
    token = {"csrf_token": client.page("/ideas/new").select("input[name=csrf_token]")[0].get("value")}
    for path, number in (("support", 1), ("support", 1), ("support/withdrawal", 0), ("support", 1)):
        answer = client.post(f"/ideas/{idea_id}/{path}", data=token, headers={"HX-Request": "true"})
        assert f"{number} Stimme" in answer.get_data(as_text=True)


def test_the_second_button_is_renewed_where_there_is_one(app: Flask, cast: Cast) -> None:
    idea_id, client = an_idea(app), app.test_client()
    assert isinstance(client, Client)
    client.become(cast.mara.key)
    token = {"csrf_token": client.page("/ideas/new").select("input[name=csrf_token]")[0].get("value")}
    for page, has_two in ((f"ideas/{idea_id}-ein-dach?sort=x#top", True), ("ideas?q=dach", False), ("", False)):
        said = {"HX-Request": "true"} | ({"HX-Current-URL": f"http://localhost/{page}"} if page else {})
        answer = client.post(f"/ideas/{idea_id}/support", data=token, headers=said)
        assert (f'id="support-{idea_id}-bar"' in answer.text) is has_two, page


def test_a_vote_sent_several_times_at_once_counts_once(app: Flask, cast: Cast) -> None:
    idea_id, key, answered = an_idea(app), cast.mara.key, []

    def foresee() -> None:
        foresee_idea_in_short(idea_id)
        foresee_given(idea_id)

    def votes() -> None:
        with app.test_request_context(), unit_of_work(writes=False):
            session["_user_id"] = key
            remember_person(cast.mara.id)
            actor = act_at_once(foresee)
            support(idea_in_short(actor, idea_id), by=actor)
        answered.append(key)

    threads = [Thread(target=votes) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert answered == [key] * 6
    with app.test_request_context(), unit_of_work(writes=False):
        given = select(func.count(Support.id)).where(Support.subject_id == idea_id)
        told = select(func.count(ActivityRow.id)).where(
            ActivityRow.subject_id == idea_id, ActivityRow.name == "support_given"
        )
        assert [db.session.scalar(one) for one in (given, told)] == [1, 1]
        assert db.session.get_one(Idea, idea_id).supporters_count == 1
        assert not differences()


def test_a_comment_can_be_hidden_in_the_same_breath(app: Flask, cast: Cast) -> None:
    """It is written past the session, where nobody has asked for one."""
    idea_id = an_idea(app)
    with app.test_request_context(), unit_of_work():
        actor = acting(cast.ruth.key)
        comment = write_comment(idea_in_short(actor, idea_id), "Gut!", by=actor)
        assert known_session() is None
        set_comment_state(comment, "hidden", "Doppelt.")
        assert comment.author is not None
    with app.test_request_context(), unit_of_work(writes=False):
        assert [*db.session.scalars(select(Comment.state))] == ["hidden"]
        assert not differences()


def an_idea(app: Flask) -> int:
    with app.test_request_context(), unit_of_work():
        return submit_idea(idea_text("Ein Dach"), by=person("anton")).id


def elsewhere(app: Flask, act: Callable[[], object]) -> None:
    """On a connection of its own, to the end."""

    def work() -> None:
        with app.test_request_context(), unit_of_work():
            act()

    thread = Thread(target=work)
    thread.start()
    thread.join(20)
