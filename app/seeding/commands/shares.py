"""Who gets how much: shares that fall with the rank, as in life (Zipf 1935), without keeping a table of them.

The thing of rank r (from 0) has the weight 1 / (r + flat): the first `flat` ranks are nearly alike, from there on each
has half as much as the one of half its rank. Sums of these weights are logarithms, so a rank is drawn by one
formula, and how much the first r have together is another.
"""

from dataclasses import dataclass
from functools import cached_property
from math import floor, gcd, log, log1p
from random import Random


@dataclass(frozen=True)
class Zipf:
    """Weights for `number` things; whose rank is whose is mixed by `key`, so that first places mean nothing."""

    number: int
    flat: float
    key: int = 0

    def draw(self, dice: Random) -> int:
        """A thing (from 0), those of first ranks most often."""
        rank = int(self.flat * (self._base ** dice.random() - 1))
        return self.thing_of(min(rank, self.number - 1))

    def draw_some(self, dice: Random, many: int) -> list[int]:
        """As many different things, in the order they were drawn; at most all.

        Where it is many of all, each gets a key instead, and those with the highest are taken (Efraimidis and
        Spirakis 2006, Weighted random sampling with a reservoir).
        """
        if many * 4 > self.number:
            weighed = [(log(1 - dice.random()) * (rank + self.flat), rank) for rank in range(self.number)]
            return [self.thing_of(rank) for _weight, rank in sorted(weighed, reverse=True)[:many]]
        stride, begin, number = self._stride, self._begin, self.number
        return [(rank * stride + begin) % number for rank in self._ranks(dice, many)]

    def share_of(self, thing: int, total: int) -> int:
        """How many of `total` a thing gets; all of them together get exactly that."""
        rank = (thing - self._begin) * self._back % self.number
        return floor(total * self._up_to(rank + 1)) - floor(total * self._up_to(rank))

    def thing_of(self, rank: int) -> int:
        """The thing of a rank: a stride that shares no factor with the number meets each once."""
        return (rank * self._stride + self._begin) % self.number

    def _ranks(self, dice: Random, many: int) -> dict[int, None]:
        """So many different ranks, as `draw` draws them one by one; for millions, so all it needs is at hand."""
        some: dict[int, None] = {}
        flat, base, last, random = self.flat, self._base, self.number - 1, dice.random
        while len(some) < many:
            rank = int(flat * (base ** random() - 1))
            some[min(rank, last)] = None
        return some

    @cached_property
    def _base(self) -> float:
        return 1 + self.number / self.flat

    @cached_property
    def _stride(self) -> int:
        stride = int(self.number * 0.618) + 17 * (self.key % 97)
        while gcd(stride, self.number) != 1:
            stride += 1
        return stride

    @cached_property
    def _begin(self) -> int:
        return self.key * 7919 % self.number

    @cached_property
    def _back(self) -> int:
        """What undoes the stride."""
        return pow(self._stride, -1, self.number) if self.number > 1 else 0

    def _up_to(self, rank: int) -> float:
        return 1.0 if rank == self.number else log1p(rank / self.flat) / log1p(self.number / self.flat)


def capped_shares(shares: Zipf, total: int, most: int) -> list[int]:
    """What each thing gets of `total` where none may have more than `most`; the rest goes round evenly.

    Raises:
        ValueError: there is not room for so many.
    """
    if total > shares.number * most:
        raise ValueError(f"no room for {total}: {shares.number} things take {most} each")
    counts = [min(shares.share_of(thing, total), most) for thing in range(shares.number)]
    left = total - sum(counts)
    while left:
        room = [thing for thing, count in enumerate(counts) if count < most]
        each = max(1, left // len(room))
        for thing in room:
            more = min(each, most - counts[thing], left)
            counts[thing] += more
            left -= more
    return counts
