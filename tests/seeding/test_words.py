"""Words by chance: as Python's own dice would choose them, and known to the search as it would read them."""

from random import Random

import pytest

from app.kit.german import stems
from app.seeding.commands.shares import Zipf
from app.seeding.commands.words import comment_words, idea_words, lexicon


@pytest.mark.parametrize("most", [1, 2, 1000, 1_000_000])
def test_words_are_those_that_choices_would_give(most: int) -> None:
    book, one, other = lexicon(Random(1), most), Random(2), Random(2)
    for _ in range(300):
        assert book.some(one, 40) == other.choices(book.words, cum_weights=book.weights, k=40)
    assert one.random() == other.random()


def test_what_an_index_keeps_of_a_text_is_what_it_would_find_in_it() -> None:
    book, dice = lexicon(Random(1)), Random(3)
    for _ in range(500):
        said = idea_words(book, dice)
        assert said.title_stems == " ".join(stems(said.title))
        rest = "\n".join((said.summary, said.problem, said.solution, said.benefit))
        assert said.text_stems == " ".join(stems(rest))


def test_the_same_dice_say_the_same() -> None:
    book = lexicon(Random(1))
    assert idea_words(book, Random(4)) == idea_words(book, Random(4))
    assert comment_words(book, Random(4)) == comment_words(book, Random(4))


def test_some_drawn_at_once_are_those_drawn_one_by_one() -> None:
    shares = Zipf(5000, 20.0, 3)
    one, other = Random(5), Random(5)
    found = shares.draw_some(one, 300)
    drawn: dict[int, None] = {}
    while len(drawn) < 300:
        drawn[shares.draw(other)] = None
    assert found == list(drawn)
