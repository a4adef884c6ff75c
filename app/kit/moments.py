"""How days and moments read, in the operator's zone and the reader's language. A page may say a hundred of them: words
of days and spans are made once, and nothing is asked for twice.
"""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_timedelta
from markupsafe import Markup

from app.kit import clock
from app.kit.here import application
from app.kit.i18n import gettext as _
from app.kit.i18n import language

DAY_SECONDS = 24 * 3600
MONTH = timedelta(days=30)
# Spans in words change at multiples of this: the half of the smallest unit that is said.
STEP_SECONDS = 30


def day(value: date | datetime | None) -> str:
    """`12. März 2027`, in the operator's zone."""
    if value is None:
        return ""
    return _day(value.astimezone(_zone()).date() if isinstance(value, datetime) else value, language())


def moment(value: datetime | None) -> str:
    """`12. März 2027, 14:32`, in the operator's zone."""
    return _moment(value.astimezone(_zone()), language()) if value else ""


def ago(value: datetime | None) -> Markup:
    """A `<time>`: within a month how long ago, before that the day; the full moment as title."""
    if value is None:
        return Markup("")
    now, speech, zone = clock.peek(), language(), _zone()
    local, passed = value.astimezone(zone), now - value
    if timedelta() <= passed < MONTH:
        seconds, days = passed.total_seconds(), (now.astimezone(zone).date() - local.date()).days
        words = _relative(seconds, days, speech)
        clock.good_until(min(value + MONTH, _next_change(value, now, seconds, days, speech)))
    else:
        words = _day(local.date(), speech)
        if value > now:
            clock.good_until(value)
    stamp = (value if value.tzinfo is UTC else value.astimezone(UTC)).isoformat(timespec="seconds")
    return Markup(f'<time datetime="{stamp}" title="{_moment(local, speech)}">{words}</time>')  # noqa: S704 (figures and words of our own)


def _zone() -> ZoneInfo:
    return ZoneInfo(application().config["BABEL_DEFAULT_TIMEZONE"])


def _moment(local: datetime, speech: str) -> str:
    return f"{_day(local.date(), speech)}, {local.hour:02}:{local.minute:02}"


def _relative(seconds: float, days: int, speech: str) -> str:
    if seconds < 60:
        return str(_("gerade eben"))
    if seconds < DAY_SECONDS / 2 or not days:
        return _span(int(seconds // STEP_SECONDS), speech)
    return str(_("gestern")) if days == 1 else _days(days, speech)


def _next_change(value: datetime, now: datetime, seconds: float, days: int, speech: str) -> datetime:
    """When `_relative` will say something else, or a little earlier."""
    if seconds < 60:
        return value + timedelta(seconds=60)
    midnight = clock.end_of(clock.day_of(now))
    if seconds < DAY_SECONDS / 2 or not days:
        span = value + timedelta(seconds=_span_end(int(seconds // STEP_SECONDS), speech) * STEP_SECONDS)
        return min(span, max(midnight if not days else now, value + timedelta(seconds=DAY_SECONDS / 2)))
    return midnight


@lru_cache(maxsize=2000)
def _day(value: date, speech: str) -> str:
    return format_date(value, "long", locale=_locale(speech))


@lru_cache(maxsize=8000)
def _span(steps: int, speech: str) -> str:
    span = timedelta(seconds=(steps + 0.5) * STEP_SECONDS)
    return format_timedelta(-span, add_direction=True, locale=speech)


@lru_cache(maxsize=8000)
def _span_end(steps: int, speech: str) -> int:
    """The first of the next steps whose span reads differently, or half an hour on."""
    words, end = _span(steps, speech), steps + 1
    while end < steps + 60 and _span(end, speech) == words:
        end += 1
    return end


@lru_cache(maxsize=200)
def _days(days: int, speech: str) -> str:
    return format_timedelta(-timedelta(days=days), add_direction=True, threshold=1.0, locale=speech)


def _locale(speech: str) -> str:
    return "de" if speech == "de" else "en_GB"
