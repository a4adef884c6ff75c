"""How often pages are looked at, by day. Nobody is followed for it: no person, no address and no cookie is kept.

A view counts in the memory of its process; every half minute the next one hands all of them to the job runner. What
a process has counted by the time it is killed is lost, which is fine for a figure that says "about".
"""

import re
import threading
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from flask import Flask, current_app, request
from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.kit import clock, jobs
from app.kit.base import UNSEEN, Base
from app.kit.db import command, db, unit_of_work
from app.kit.guest_pages import is_view_of, when_seen
from app.kit.inserting import insert_or_add
from app.kit.remembering import remembered

EVERY_SECONDS = 30.0
QUARTER_SECONDS = 900
MOST = 2000
ROBOTS = re.compile("bot|crawl|spider|slurp|preview|monitor|curl|wget|python", re.IGNORECASE)


class DailyViews(Base):
    """How often the page of a subject was opened on a day of the operator's zone."""

    __tablename__ = "daily_views"
    __table_args__ = {"info": UNSEEN}

    subject_id: Mapped[int] = mapped_column(ForeignKey("subjects.id"), primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    number: Mapped[int]


class Seen:
    """What this process has counted and not yet handed on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[int, str]] = Counter()
        self._handed_on = time.monotonic()

    def add(self, subject_id: int, day: str) -> list[tuple[int, str, int]]:
        """Count one view; now and then everything there is, to be handed on."""
        with self._lock:
            self._counts[subject_id, day] += 1
            if time.monotonic() - self._handed_on < EVERY_SECONDS and len(self._counts) < MOST:
                return []
            taken = [(*key, number) for key, number in self._counts.items()]
            self._counts.clear()
            self._handed_on = time.monotonic()
            return taken


_seen = Seen()


def notice(subject_id: int) -> None:
    """Somebody opened the page of a subject; machines do not count."""
    is_view_of(subject_id)
    if not is_machine(request.user_agent.string) and (taken := _seen.add(subject_id, _day(current_app))):
        jobs.enqueue(count_views, taken)


@when_seen
def notice_again(app: Flask, subject_id: int, browser: str) -> None:
    """A page that was kept for guests was given away again."""
    if not is_machine(browser) and (taken := _seen.add(subject_id, _day(app))):
        with app.app_context():
            jobs.enqueue(count_views, taken)


def _day(app: Flask) -> str:
    """The day a view counts for. Not `clock.today()`: no page gets stale by it, and zones are slow to ask."""
    return _day_of_quarter(int(time.time() // QUARTER_SECONDS), app.config["BABEL_DEFAULT_TIMEZONE"])


@lru_cache(maxsize=10)
def _day_of_quarter(quarter: int, zone: str) -> str:
    """In no zone does a day begin within a quarter of an hour."""
    return datetime.fromtimestamp(quarter * QUARTER_SECONDS, ZoneInfo(zone)).date().isoformat()


@remembered(500)
def is_machine(browser: str) -> bool:
    """Whether a browser's own name says that nobody reads there."""
    return ROBOTS.search(browser) is not None


@jobs.job
def count_views(taken: Sequence[tuple[int, str, int]]) -> None:
    """Add what a process has counted: subject, day, number."""
    with unit_of_work():
        _add(taken)


@command
def _add(taken: Sequence[tuple[int, str, int]]) -> None:
    rows = [
        {"subject_id": subject_id, "day": date.fromisoformat(day), "number": number}
        for subject_id, day, number in sorted(taken)
    ]
    insert_or_add(DailyViews, unique=["subject_id", "day"], column="number", rows=rows)


def views_of(subject_id: int, *, days: int = 30) -> int:
    """How often the page was opened in the last days, today included."""
    since = clock.today() - timedelta(days=days - 1)
    mine = (DailyViews.subject_id == subject_id) & (DailyViews.day >= since)
    return db.session.scalar(select(func.coalesce(func.sum(DailyViews.number), 0)).where(mine)) or 0
