"""Geometry of small charts that are drawn as inline SVG beside a table with the same figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WIDTH, HEIGHT = 600, 160
MOST_BARS = 60


@dataclass(frozen=True, slots=True)
class Bar:
    """One column of a chart: the first and last day it stands for, its number, and where it stands (SVG units)."""

    first: date
    last: date
    number: int
    x: float
    y: float
    width: float
    height: float


def bars_over_time(days: Sequence[tuple[date, int]], until: date) -> list[Bar]:
    """Columns of equal time from the first of `days` to `until`: a day each, or more where it were over sixty.

    Args:
        days: days with their numbers, oldest first; days that are missing have none.
    """
    if not days:
        return []
    first = days[0][0]
    until = max(until, days[-1][0])
    step = -(-((until - first).days + 1) // MOST_BARS)
    numbers = [0] * (((until - first).days) // step + 1)
    for day, number in days:
        numbers[(day - first).days // step] += number
    return _drawn(numbers, first, step, until)


def _drawn(numbers: Sequence[int], first: date, step: int, until: date) -> list[Bar]:
    room, highest = WIDTH / len(numbers), max(numbers)
    bars = []
    for place, number in enumerate(numbers):
        begins = first + timedelta(days=place * step)
        height = round(number / highest * HEIGHT, 1)
        ends = min(begins + timedelta(days=step - 1), until)
        bars.append(
            Bar(begins, ends, number, round(place * room, 1), HEIGHT - height, round(min(room * 0.8, 40), 1), height)
        )
    return bars
