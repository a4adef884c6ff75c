"""Fair orders: a random one in which the members of each group stand evenly apart, and where a reader enters it.

A list that everybody enters at another place of one round gives each of its things the same chance to stand on the
first page, if the places are dense: the chance of a thing is its distance from the one before it. In a round of all
things the members of a group are not dense, but where they stand evenly apart the distances are alike.
"""

import hashlib
from collections.abc import Hashable, Iterable
from datetime import UTC, datetime
from math import sqrt
from random import Random
from typing import TypeVar

T = TypeVar("T")
GOLDEN = (sqrt(5) - 1) / 2
SLOT_SECONDS = 15 * 60


def interleaved(things: Iterable[tuple[T, Hashable]], dice: Random) -> list[T]:
    """The things in random order, those of a group evenly apart; each comes with its group."""
    groups: dict[Hashable, list[T]] = {}
    for thing, group in things:
        groups.setdefault(group, []).append(thing)
    placed = []
    for members in groups.values():
        dice.shuffle(members)
        begin = dice.random()
        placed += [((begin + place) / len(members), dice.random(), thing) for place, thing in enumerate(members)]
    placed.sort(key=lambda row: row[:2])
    return [thing for _place, _chance, thing in placed]


def entry_of(person_id: int, day: object) -> float:
    """Where a person enters the round on a day, from 0 up to 1: by chance, but the same all day."""
    digest = hashlib.blake2b(f"{day}:{person_id}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def entry_at(moment: datetime) -> float:
    """Where everybody without a name enters it, from 0 up to 1: another place each quarter of an hour.

    Nobody is tracked, and a page may be kept that long. Multiples of the golden ratio leave no part of the round out
    for long and prefer none (Weyl 1916; Knuth, The Art of Computer Programming 3, 6.4).
    """
    return _slot(moment) * GOLDEN % 1


def next_entry(moment: datetime) -> datetime:
    """When they enter it somewhere else."""
    return datetime.fromtimestamp((_slot(moment) + 1) * SLOT_SECONDS, UTC)


def _slot(moment: datetime) -> int:
    return int(moment.timestamp()) // SLOT_SECONDS
