"""Votes that people share out: so many each, however many windows somebody has open."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from app.challenges import commands
from app.challenges.commands import Voting
from app.ideas.commands import set_state
from app.ideas.models import Idea
from app.ideas.queries import votes_left
from app.kit.db import db, unit_of_work
from app.kit.errors import Conflict, Invalid
from app.voting.commands import support, withdraw_support
from tests.client import Client
from tests.factories.challenges import a_challenge, a_phase, an_answer, in_days, the
from tests.factories.world import person
from tests.people import Cast

VOTES = Voting(method="votes", votes_each=2)


@pytest.fixture
def ideas(app: Flask, cast: Cast) -> list[int]:
    """Six ideas of a challenge in which everybody has two votes."""
    with app.test_request_context(), unit_of_work():
        challenge = a_challenge()
        commands.save_voting(challenge, VOTES, by=person("ruth"))
        return [an_answer(challenge, f"Idee {number}").id for number in range(6)]


def the_idea(number: int) -> Idea:
    return db.session.get_one(Idea, number)


def test_nobody_gives_more_votes_than_they_have_and_one_taken_back_is_theirs_again(
    app: Flask, ideas: list[int]
) -> None:
    with app.test_request_context(), unit_of_work():
        mara = person("mara")
        for number in ideas[:2]:
            support(the_idea(number), by=mara)
        support(the_idea(ideas[0]), by=mara)
    for _once_more in range(2):
        with app.test_request_context(), pytest.raises(Conflict, match="alle 2 Stimmen vergeben"), unit_of_work():
            support(the_idea(ideas[2]), by=person("mara"))
    with app.test_request_context(), unit_of_work():
        assert the_idea(ideas[2]).supporters_count == 0
        assert votes_left(person("mara"), the_idea(ideas[2]).challenge) == 0
        withdraw_support(the_idea(ideas[0]), by=person("mara"))
        support(the_idea(ideas[2]), by=person("mara"))
        support(the_idea(ideas[0]), by=person("ruth"))


def test_a_vote_for_what_is_no_longer_public_may_be_given_to_another(app: Flask, ideas: list[int]) -> None:
    with app.test_request_context(), unit_of_work():
        for number in ideas[:2]:
            support(the_idea(number), by=person("mara"))
        set_state(the_idea(ideas[0]), "hidden", "Doppelt.")
        assert votes_left(person("mara"), the_idea(ideas[1]).challenge) == 1
        support(the_idea(ideas[3]), by=person("mara"))


def test_many_presses_at_once_spend_no_more_than_there_are(app: Flask, cast: Cast, ideas: list[int]) -> None:
    def press(number: int) -> bool:
        with app.test_request_context():
            try:
                with unit_of_work():
                    support(the_idea(number), by=person("mara"))
            except Conflict:
                return False
            return True

    with ThreadPoolExecutor(6) as windows:
        given = list(windows.map(press, ideas * 2))
    with app.test_request_context():
        counts = [the_idea(number).supporters_count for number in ideas]
        assert sum(counts) == 2
        assert sum(given) >= 2
        assert votes_left(person("mara"), the_idea(ideas[0]).challenge) == 0


def test_ending_a_phase_and_voting_at_once_leave_no_vote_behind_the_end(
    app: Flask, cast: Cast, ideas: list[int]
) -> None:
    with app.test_request_context(), unit_of_work():
        challenge = the_idea(ideas[0]).challenge
        assert challenge is not None
        commands.save_phases(challenge, [a_phase("vote", last=in_days(3))], by=person("ruth"))
        number, phase = challenge.id, challenge.phases[0].id
    supporters = ["mara", "anton", "ada", "ruth"]

    def vote(name: str) -> None:
        with app.test_request_context():
            try:
                with unit_of_work():
                    support(the_idea(ideas[0]), by=person(name))
            except Conflict:
                pass

    def end(_name: str) -> None:
        with app.test_request_context(), unit_of_work():
            commands.close_phase(the(number), phase, by=person("ruth"))

    with ThreadPoolExecutor(5) as crowd:
        list(
            crowd.map(
                lambda name: end(name) if name == "end" else vote(name), [*supporters[:2], "end", *supporters[2:]]
            )
        )
    with app.test_request_context():
        rows = db.session.execute(
            db.text("SELECT count(*) FROM supports JOIN challenge_phases ON created_at > ends_at")
        ).scalar_one()
        assert rows == 0, "every vote was given before the end"


def test_the_button_says_how_many_are_left(
    app: Flask, cast: Cast, ideas: list[int], signed_in: Callable[..., Client], client: Client
) -> None:
    mara = signed_in(cast.mara)
    assert "Jede Person hat 2 Stimmen" in client.page(f"/ideas/{ideas[0]}")
    page = mara.page(f"/ideas/{ideas[0]}")
    assert "Noch 2 von 2 Stimmen" in page
    page = page.form("#acts").submit("Unterstützen")
    assert "Noch 1 von 2 Stimmen" in page
    mara.page(f"/ideas/{ideas[1]}").form("#acts").submit("Unterstützen")
    page = mara.page(f"/ideas/{ideas[2]}")
    assert "Alle Stimmen vergeben" in page
    page = page.form("#acts").submit("Unterstützen", expect=409)
    assert "Nehmen Sie eine zurück" in page
    votes = page.click("Meine Stimmen ansehen")
    assert votes.path == mara.page(f"/ideas/{ideas[3]}").click("ansehen").path
    assert votes.texts(".idea-card h3") == ["Idee 1", "Idee 0"]
    assert "Noch 0 von 2 Stimmen" in votes
    votes.form("#acts").submit("Unterstützt")
    assert mara.page(votes.path).texts(".idea-card h3") == ["Idee 0"]
    mara.page(f"/ideas/{ideas[2]}").form("#acts").submit("Unterstützen")


def test_votes_are_between_one_and_fifty(app: Flask, cast: Cast) -> None:
    with app.test_request_context(), unit_of_work():
        challenge = a_challenge()
        for number in (0, 51, -3):
            with pytest.raises(Invalid):
                commands.save_voting(challenge, Voting(method="votes", votes_each=number), by=person("ruth"))
