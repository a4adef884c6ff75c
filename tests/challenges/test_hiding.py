"""A challenge that was hidden: none of its words stays where guests read."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.challenges import commands
from app.challenges.commands import QuestionText
from app.ideas.commands import edit_idea, submit_idea
from app.ideas.commands.said import GivenAnswer
from app.kit.db import unit_of_work
from app.moderation.commands import decide, report
from app.moderation.models import Ground, Measure
from tests.client import Client
from tests.factories.challenges import a_challenge, the
from tests.factories.world import idea_text, person
from tests.people import Cast, Person

SignedIn = Callable[[Person], Client]
BAD = ("Boeser Titel", "Boese Frage")


@pytest.fixture
def hidden(app: Flask, cast: Cast) -> tuple[int, int]:
    """A challenge with a question of its own that was hidden after an idea had answered, and that idea."""
    with app.test_request_context(), unit_of_work():
        anton = person("anton")
        challenge = a_challenge(BAD[0])
        commands.save_questions(challenge, [QuestionText(kind="text", label=BAD[1])], by=anton)
        said = [GivenAnswer(question_id=challenge.questions[0].id, text="Der Verein.")]
        text = idea_text("Ein Dach", challenge_id=challenge.id, answers=said)
        idea = submit_idea(text, by=anton)
        said = [GivenAnswer(question_id=challenge.questions[0].id, text="Zwei Vereine.")]
        edit_idea(idea, idea_text("Ein Dach", challenge_id=challenge.id, answers=said), by=anton)
        numbers = challenge.id, idea.id
    with app.test_request_context(), unit_of_work():
        report(the(numbers[0]), ground=Ground.LAW, text="Bitte ansehen.", email="", by=person("mara"))
        decide(the(numbers[0]), measure=Measure.HIDE, ground=Ground.LAW, facts="Beleidigt.", by=person("ruth"))
    return numbers


def test_guests_read_its_words_nowhere_beside_its_ideas(client: Client, hidden: tuple[int, int]) -> None:
    challenge, idea = hidden
    client.page(f"/challenges/{challenge}", expect=410)
    pages = ["/", "/ideas", f"/ideas?challenge={challenge}", f"/ideas/{idea}", f"/ideas/{idea}/poster", "/ideas.atom"]
    pages += ["/ideas.csv", f"/ideas/{idea}/share", f"/ideas/{idea}/history", f"/ideas/{idea}/history/2"]
    for address in pages:
        text = client.get(address, follow_redirects=True).get_data(as_text=True)
        assert "Ein Dach" in text, address
        assert not [word for word in BAD if word in text], address
    assert "Zwei Vereine." in client.page(f"/ideas/{idea}")
    assert "Frage 1 der Herausforderung" in client.page(f"/ideas/{idea}/history/2")


def test_staff_and_its_people_still_read_what_was_asked(
    cast: Cast, signed_in: SignedIn, hidden: tuple[int, int]
) -> None:
    for somebody in (cast.ruth, cast.anton):
        assert BAD[1] in signed_in(somebody).page(f"/ideas/{hidden[1]}")
    assert BAD[1] not in signed_in(cast.mara).page(f"/ideas/{hidden[1]}")
