"""Posting a challenge through the form."""

from collections.abc import Callable

from tests.client import Client
from tests.people import Cast


def test_the_place_somebody_names_is_the_challenges_place(signed_in: Callable[..., Client], cast: Cast) -> None:
    anton = signed_in(cast.anton)
    form = anton.page("/challenges/new").form("/challenges")
    words = {"title": "Warten im Regen", "summary": "Kein Dach.", "problem": "Es regnet.", "topic": "mobility"}
    page = form.fill(**words, place="Leipzig").submit()
    assert page.h1 == "Warten im Regen"
    assert "Leipzig" in page
    again = anton.page("/challenges/new").form("/challenges").fill(**words, place="Nirgendheim").submit(expect=422)
    assert "Nirgendheim" in again.html
