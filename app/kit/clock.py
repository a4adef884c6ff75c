"""The time, in one place. Stored in UTC, shown in the operator's zone.

Pages for guests are kept as long as they stay true. So whoever asks for the time also says until when what follows from
it holds: `has_come` and `today` know by themselves, `good_until` says it for a `peek`. Whoever just asks `now()` makes
the page good for a minute, so that nothing is forgotten.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from flask_babel import get_timezone

GUESSED = timedelta(seconds=60)
_told: ContextVar[datetime | None] = ContextVar("told_time", default=None)
_page: ContextVar["Span | None"] = ContextVar("page_being_made", default=None)


class Span:
    """What is being made holds until `end`; None: nothing on it follows the clock."""

    __slots__ = ("end",)

    def __init__(self) -> None:
        self.end: datetime | None = None


@contextmanager
def noting() -> Iterator[Span]:
    """Note until when that is true which is made within this block."""
    span = Span()
    token = _page.set(span)
    try:
        yield span
    finally:
        _page.reset(token)


def good_until(moment: datetime) -> None:
    """Say that what is being made is true before this moment, and perhaps not from it on; the earliest one counts."""
    span = _page.get()
    if span is not None and (span.end is None or moment < span.end):
        span.end = moment


def peek() -> datetime:
    """The present moment, for those who say themselves until when what they make of it is true."""
    return _told.get() or datetime.now(UTC)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    moment = peek()
    if _page.get() is not None:
        good_until(moment + GUESSED)
    return moment


def has_come(moment: datetime) -> bool:
    """Whether a moment is here or over."""
    if moment <= peek():
        return True
    good_until(moment)
    return False


def today() -> date:
    """The calendar day in the operator's zone."""
    day = day_of(peek())
    if _page.get() is not None:
        good_until(end_of(day))
    return day


def day_of(moment: datetime) -> date:
    """The calendar day of a moment in the operator's zone."""
    return moment.astimezone(get_timezone()).date()


def start_of(day: date) -> datetime:
    """The moment a calendar day begins in the operator's zone, also on days on which clocks change."""
    return _start_of(day, str(get_timezone()))


def end_of(day: date) -> datetime:
    """The first moment that no longer belongs to a calendar day in the operator's zone."""
    return start_of(day + timedelta(days=1))


@lru_cache(maxsize=500)
def _start_of(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within this block it is `moment` (aware): for content that is brought in after the fact."""
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)
