"""Whoever asks for the time says until when what follows from it is true."""

import random
from datetime import UTC, datetime, timedelta

import time_machine
from flask import Flask
from flask_babel import force_locale

from app.kit import clock, moments
from tests.house.source import APP, calls, modules, name_of

NOW = datetime(2027, 3, 26, 22, 30, 7, tzinfo=UTC)  # two days before clocks change in Berlin
INSTANT = timedelta(milliseconds=1)
SPEAKING_FOR_THEMSELVES = {"app/kit/moments.py", "app/ideas/queries/fair.py"}


def test_who_only_asks_for_the_time_has_a_minute() -> None:
    with time_machine.travel(NOW, tick=False), clock.noting() as span:
        clock.now()
    assert span.end == NOW + timedelta(minutes=1)


def test_what_has_come_stays_so_and_what_has_not_is_good_until_then() -> None:
    with time_machine.travel(NOW, tick=False), clock.noting() as span:
        assert clock.has_come(NOW)
        assert clock.has_come(NOW - INSTANT)
        assert span.end is None
        assert not clock.has_come(NOW + timedelta(hours=2))
        assert not clock.has_come(NOW + timedelta(hours=1))
        assert not clock.has_come(NOW + timedelta(hours=3))
    assert span.end == NOW + timedelta(hours=1)


def test_a_day_is_good_until_midnight_in_the_operators_zone(app: Flask) -> None:
    with app.test_request_context(), time_machine.travel(NOW, tick=False), clock.noting() as span:
        assert clock.today().isoformat() == "2027-03-26"
    assert span.end == datetime(2027, 3, 26, 23, tzinfo=UTC)


def test_what_is_told_within_is_noted_there_only() -> None:
    with time_machine.travel(NOW, tick=False), clock.noting() as outer, clock.noting() as inner:
        clock.now()
    assert (outer.end, inner.end) == (None, NOW + timedelta(minutes=1))


def test_how_long_ago_something_was_stays_true_until_it_says(app: Flask) -> None:
    dice = random.Random(3)
    spans = [dice.choice((90, 4000, 50_000, 90_000, 40 * 86_400)) * dice.random() for _ in range(300)]
    spans += [0, 59.9, 60, 3059, 3060, 43_199, 43_200, 84_600, 86_400, 30 * 86_400 - 1, 30 * 86_400, -1, -90_000]
    wrong = []
    with app.test_request_context():
        for seconds in spans:
            for code in ("de", "en"):
                with force_locale(code):
                    wrong += said_differently_too_early(NOW - timedelta(seconds=seconds), dice)
    assert wrong == []


def said_differently_too_early(value: datetime, dice: random.Random) -> list[str]:
    with time_machine.travel(NOW, tick=False), clock.noting() as span:
        first = moments.ago(value)
    end = span.end or NOW + timedelta(days=400)
    assert end > NOW
    wrong = []
    for later in (end - INSTANT, NOW + dice.random() * (end - NOW)):
        with time_machine.travel(later, tick=False):
            if moments.ago(value) != first:
                wrong.append(f"{value}, good until {end}: {first} became {moments.ago(value)} at {later}")
    return wrong


def test_nobody_asks_another_clock_and_few_only_peek() -> None:
    asked = {(name_of(path), called) for path in modules(APP) for _line, called in calls(path)}
    others = {name for name, called in asked if called in ("datetime.now", "datetime.utcnow", "date.today")}
    assert others == {"app/kit/clock.py"}
    assert {name for name, called in asked if called == "clock.peek"} == SPEAKING_FOR_THEMSELVES
