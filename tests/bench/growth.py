"""How much longer pages take of many ideas than of few: both platforms are asked in turn.

A machine's own speed changes from one minute to the next, by more than pages may grow.
"""

from collections.abc import Sequence
from contextlib import ExitStack
from statistics import median

from tests.bench import checks
from tests.bench.data import Shelf
from tests.bench.load import measure, warm_up, write_requests
from tests.bench.sections import Figures, Section, settle, started

ROUNDS, SECONDS, WARM_SECONDS = 3, 2, 1
MORE_ROUNDS, APART = 2, 1.3
"""So many more where the first quotients differ by this factor, in whichever direction: the machine was at work."""


def growth(few: Shelf, many: Shelf, section: Section, *, beside: tuple[int, ...] = ()) -> dict[str, Figures]:
    """By route p50 and p95 of both in ms (medians of the rounds), and how much the p95 grows (median of each round's).

    Args:
        beside: processes that compute for both, such as a database server.
    """
    with ExitStack() as stack:
        sides = [_Side(stack, shelf, section) for shelf in (few, many)]
        settle(*(side.pid for side in sides), *beside)
        # Of few ideas the deepest page has another number, and so another name.
        return {names[-1]: _of_route(sides, names) for names in zip(*(side.routes for side in sides), strict=True)}


class _Side:
    """A platform, and what it is asked."""

    def __init__(self, stack: ExitStack, shelf: Shelf, section: Section) -> None:
        self.shelf, self.routes, self.file = shelf, section.routes(shelf), shelf.folder / "requests.txt"
        self.port, self.pid = started(stack, shelf, section)
        self.begin = 0
        warm_up(self.port, [asks[0] for asks in self.routes.values()])
        if section.proof:
            checks.refuse_strangers(self.port, next(iter(self.routes.values())), section.proof)

    def turn_to(self, route: str) -> None:
        self.begin = 0
        write_requests(self.file, self.routes[route])

    def measured(self, *, warm: float) -> Figures:
        taken = measure(self.port, self.file, SECONDS, warm=warm, begin=self.begin)
        checks.refuse_failures(f"growth, {self.shelf.name}", taken)
        self.begin = taken["next"]
        return taken


def _of_route(sides: Sequence[_Side], names: Sequence[str]) -> Figures:
    for side, name in zip(sides, names, strict=True):
        side.turn_to(name)
    rounds = [_round(sides, number) for number in range(ROUNDS)]
    if max(map(_grown, rounds)) > APART * min(map(_grown, rounds)):
        rounds += [_round(sides, number) for number in range(ROUNDS, ROUNDS + MORE_ROUNDS)]
    each = {f"{what} {side}": median(one[n][what] for one in rounds) for what in ("p50", "p95") for n, side in _NAMES}
    return each | {"growth": median(map(_grown, rounds))}


def _round(sides: Sequence[_Side], number: int) -> tuple[Figures, Figures]:
    """Each side once, every other time in the other order."""
    warm = 0 if number else WARM_SECONDS
    found = [side.measured(warm=warm) for side in (sides[::-1] if number % 2 else sides)]
    few, many = found[::-1] if number % 2 else found
    return few, many


def _grown(of_both: tuple[Figures, Figures]) -> float:
    few, many = of_both
    return float(many["p95"] / few["p95"])


_NAMES = ((0, "few"), (1, "many"))
