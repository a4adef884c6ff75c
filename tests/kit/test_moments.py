"""Words of days and spans are made once and kept: they say what they would say made anew."""

import random
from datetime import UTC, datetime, timedelta

import time_machine
from babel.dates import format_date, format_timedelta
from flask import Flask
from flask_babel import force_locale, to_user_timezone

from app.kit import moments

NOW = datetime(2027, 3, 30, 10, 0, 7, tzinfo=UTC)


def test_spans_read_as_if_each_were_put_into_words(app: Flask) -> None:
    dice = random.Random(5)
    spans = [dice.uniform(60, 12 * 3600) for _ in range(400)]
    spans += [border + nudge for border in (89, 50 * 60, 51 * 60, 73_440 / 2, 90 * 60) for nudge in (-1.5, 1.5, 62.5)]
    with app.test_request_context(), time_machine.travel(NOW, tick=False):
        for code in ("de", "en"):
            with force_locale(code):
                for seconds in spans:
                    words = format_timedelta(-timedelta(seconds=seconds), add_direction=True, locale=code)
                    assert f">{words}</time>" in moments.ago(NOW - timedelta(seconds=seconds)), seconds


def test_days_read_in_the_zone_of_the_place_on_both_sides_of_a_change_of_clocks(app: Flask) -> None:
    with app.test_request_context(), time_machine.travel(NOW, tick=False):
        for code, locale in (("de", "de"), ("en", "en_GB")):
            with force_locale(code):
                for hours in range(0, 24 * 400, 7):
                    value = NOW - timedelta(hours=hours)
                    local = to_user_timezone(value)
                    words = format_date(local.date(), "long", locale=locale)
                    assert moments.day(value) == words
                    assert moments.moment(value) == f"{words}, {local:%H:%M}"
                    assert f'title="{words}, {local:%H:%M}"' in moments.ago(value)
