"""The plan of a seed: which ids its things have, when they happened, who is frequent."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from math import isqrt
from random import Random

from app.seeding.activities import SeedBegan
from app.seeding.commands.shares import Zipf
from app.seeding.commands.words import Lexicon, lexicon

BEGAN = datetime(2021, 1, 1, tzinfo=UTC)
ENDED = datetime(2026, 6, 30, tzinfo=UTC)
FEWEST_WORDS = 1000
WORDS_EACH = 10
GOLDEN = 0.6180339887498949
BEGAN_SECONDS = int(BEGAN.timestamp())
SPAN_SECONDS = int((ENDED - BEGAN).total_seconds())


@dataclass(frozen=True)
class Plan:
    """A seed's numbers, and what follows from them; every range of ids ends where the next begins."""

    ideas: int
    people: int
    supports: int
    comments: int
    key: int
    first_id: int
    first_rank: int

    @cached_property
    def person_ids(self) -> range:
        return range(self.first_id, self.first_id + self.people)

    @cached_property
    def organisation_ids(self) -> range:
        return _behind(self.person_ids, max(1, min(2000, self.people // 50)))

    @cached_property
    def challenge_ids(self) -> range:
        return _behind(self.organisation_ids, max(3, isqrt(self.ideas) // 2))

    @cached_property
    def idea_ids(self) -> range:
        return _behind(self.challenge_ids, self.ideas)

    @cached_property
    def comment_ids(self) -> range:
        return _behind(self.idea_ids, self.comments)

    @cached_property
    def writers(self) -> Zipf:
        """Who submits ideas and writes comments."""
        return Zipf(self.people, max(1.0, self.people / 200), self.key + 1)

    @cached_property
    def supporters(self) -> Zipf:
        return Zipf(self.people, max(1.0, self.people / 50), self.key + 2)

    @cached_property
    def liked(self) -> Zipf:
        """Which ideas are supported."""
        return Zipf(self.ideas, max(1.0, min(20.0, self.ideas / 10)), self.key + 3)

    @cached_property
    def discussed(self) -> Zipf:
        """Which ideas are commented on."""
        return Zipf(self.ideas, max(1.0, min(30.0, self.ideas / 10)), self.key + 4)

    @cached_property
    def book(self) -> Lexicon:
        """A few ideas do not use all words there are."""
        return lexicon(self.dice("words"), FEWEST_WORDS + WORDS_EACH * self.ideas)

    def dice(self, *what: object) -> Random:
        """Chance that is the same whenever the same thing of the same seed is made."""
        return Random("/".join(map(str, (self.key, *what))))  # noqa: S311 (nobody is to be surprised)

    def moment_of(self, place: int) -> int:
        """When the idea at this place (from 0) was submitted, in seconds since 1970: evenly over the years."""
        return BEGAN_SECONDS + place * SPAN_SECONDS // self.ideas

    def later(self, place: int, share: float) -> int:
        """A moment after the idea at this place, soon after it rather than late; in seconds since 1970."""
        begin = place * SPAN_SECONDS // self.ideas
        return BEGAN_SECONDS + begin + int((SPAN_SECONDS - begin) * share**4)

    def challenge_of(self, place: int) -> int | None:
        """The challenge the idea at this place answers; a third are free ideas, and a few challenges have most."""
        share = place * GOLDEN % 1 * 1.5
        if share >= 1:
            return None
        number = len(self.challenge_ids)
        rank = int(2 * ((1 + number / 2) ** share - 1))
        return self.challenge_ids[min(rank, number - 1)]

    def is_withdrawn(self, place: int) -> bool:
        """Whether its author took the idea at this place back: one of fifty."""
        return place % 50 == 49


def plan_of(fact: SeedBegan) -> Plan:
    """The plan of a seed that began."""
    numbers = (fact.ideas, fact.people, fact.supports, fact.comments)
    return Plan(*numbers, fact.key, fact.first_id, fact.first_rank)


def _behind(before: range, number: int) -> range:
    return range(before.stop, before.stop + number)
