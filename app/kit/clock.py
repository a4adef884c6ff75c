"""The time, in one place. Stored in UTC, shown in the operator's zone."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import get_timezone

_told: ContextVar[datetime | None] = ContextVar("told_time", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _told.get() or datetime.now(UTC)


def today() -> date:
    """The calendar day in the operator's zone."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """The calendar day of a moment in the operator's zone."""
    return moment.astimezone(get_timezone()).date()


def start_of(day: date) -> datetime:
    """The moment a calendar day begins in the operator's zone, also on days on which clocks change."""
    return datetime.combine(day, time(0), ZoneInfo(str(get_timezone()))).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The first moment that no longer belongs to a calendar day in the operator's zone."""
    return start_of(day + timedelta(days=1))


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within this block it is `moment` (aware): for content that is brought in after the fact."""
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)
