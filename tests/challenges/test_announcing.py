"""Beginnings and ends are told once, in their order, whoever notices them and however late."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.challenges import commands
from app.challenges.jobs import tell_changes_of_phases
from app.follows.commands import follow
from app.kit import clock
from app.kit.db import db, unit_of_work
from app.kit.jobs import outside
from app.subjects.models import ActivityRow
from tests.client import Client
from tests.factories.challenges import a_challenge, a_phase, in_days, the
from tests.factories.world import person
from tests.people import Cast
from tests.support.mailbox import Mailbox, text_of_message

Work = Callable[[], None]
NAMES = ("phase_began", "phase_ended", "challenge_closed")


@pytest.fixture
def planned(app: Flask, cast: Cast) -> int:
    """A challenge that collects for two days, then is voted on for three; Mara follows it."""
    with app.test_request_context(), unit_of_work():
        challenge = a_challenge()
        collect = a_phase("collect", in_days(0), in_days(1), name="Sammeln")
        vote = a_phase("vote", in_days(2), in_days(4), text="Jede Stimme zählt.")
        commands.save_phases(challenge, [collect, vote], by=person("anton"))
        follow(challenge, by=person("mara"))
        return challenge.id


def told(app: Flask) -> list[tuple[str, str]]:
    with app.test_request_context():
        rows = db.session.scalars(select(ActivityRow).where(ActivityRow.name.in_(NAMES)).order_by(ActivityRow.id))
        return [(row.name, row.facts.get("kind", "")) for row in rows]


def test_what_runs_already_is_told_once_and_what_comes_when_it_comes(
    app: Flask, planned: int, work: Work, smtp: Mailbox, cast: Cast
) -> None:
    work()
    assert told(app) == [("phase_began", "collect")]
    smtp.clear()
    with clock.at(moment(app, 2)):
        work()
        work()
    assert told(app)[1:] == [("phase_ended", "collect"), ("phase_began", "vote")]
    subjects = smtp.subjects_to(cast.mara.email)
    assert subjects == ["Abstimmen: Neue Phase bei „Warten im Regen“"], (
        "one mail: the end is not told beside a beginning"
    )
    text = " ".join(text_of_message(smtp.last_to(cast.mara.email)).split())
    assert "Jede Stimme zählt." in text
    assert "Ideen unterstützen, kommentieren" in text
    with clock.at(moment(app, 5)):
        work()
        work()
    assert told(app)[3:] == [("phase_ended", "vote")]
    assert smtp.subjects_to(cast.mara.email)[1:] == ["Abstimmen ist beendet: „Warten im Regen“"]


def test_after_a_long_downtime_everything_is_told_in_order_and_nobody_is_mailed_what_is_over(
    app: Flask, planned: int, work: Work, smtp: Mailbox, cast: Cast
) -> None:
    with clock.at(moment(app, 9)):
        work()
        work()
        with app.test_request_context():
            rows = db.session.scalars(select(ActivityRow).where(ActivityRow.name.in_(NAMES)).order_by(ActivityRow.id))
            moments = [row.at for row in rows]
    order = [("phase_began", "collect"), ("phase_ended", "collect"), ("phase_began", "vote"), ("phase_ended", "vote")]
    assert told(app) == order
    assert moments == sorted(moments)
    ends = ["Sammeln ist beendet: „Warten im Regen“", "Abstimmen ist beendet: „Warten im Regen“"]
    assert sorted(smtp.subjects_to(cast.mara.email)) == sorted(ends)


def test_several_runners_at_once_tell_each_change_once(app: Flask, planned: int) -> None:
    late = moment(app, 9)

    def run(_number: int) -> None:
        with outside(app), clock.at(late):
            tell_changes_of_phases()

    with ThreadPoolExecutor(4) as runners:
        list(runners.map(run, range(8)))
    assert len(told(app)) == 4


def test_a_challenge_without_phases_is_closed_once(app: Flask, cast: Cast, work: Work, smtp: Mailbox) -> None:
    with app.test_request_context(), unit_of_work():
        challenge = a_challenge(ends_at=clock.end_of(in_days(1)))
        follow(challenge, by=person("mara"))
        number, end = challenge.id, clock.end_of(in_days(1))
    work()
    assert told(app) == []
    with clock.at(end):
        work()
        work()
    assert told(app) == [("challenge_closed", "")]
    assert smtp.subjects_to(cast.mara.email) == ["Ideensammlung beendet: „Warten im Regen“"]
    with app.test_request_context():
        assert the(number).status == "closed"


def test_what_ran_before_the_challenge_was_public_is_no_news(app: Flask, cast: Cast, work: Work) -> None:
    with app.test_request_context(), unit_of_work():
        draft = commands.draft_challenge(a_text(), by=person("anton"))
        number = draft.id
        phases = [a_phase("discuss", in_days(-9), in_days(-3)), a_phase("collect", in_days(-2), in_days(3))]
        commands.save_phases(draft, [*phases, a_phase("vote", in_days(4), in_days(6))], by=person("anton"))
    work()
    with app.test_request_context(), unit_of_work():
        commands.submit_challenge(the(number), by=person("anton"))
    work()
    assert told(app) == []
    with clock.at(moment(app, 4)):
        work()
    assert told(app) == [("phase_ended", "collect"), ("phase_began", "vote")]


def test_a_phase_moved_into_the_future_begins_again(app: Flask, planned: int, work: Work) -> None:
    work()
    with app.test_request_context(), unit_of_work():
        phases = the(planned).phases
        moved = a_phase("collect", in_days(6), in_days(8), id=phases[0].id)
        commands.save_phases(the(planned), [moved], by=person("ruth"))
    work()
    assert told(app) == [("phase_began", "collect")]
    with clock.at(moment(app, 6)):
        work()
    assert told(app) == [("phase_began", "collect"), ("phase_began", "collect")]


def test_a_phase_opened_by_hand_is_told_by_whoever_opened_it(
    app: Flask, cast: Cast, work: Work, client: Client
) -> None:
    with app.test_request_context(), unit_of_work():
        challenge = a_challenge()
        commands.save_phases(challenge, [a_phase("decide", by_hand=True, name="Jurysitzung")], by=person("anton"))
        commands.open_phase(challenge, challenge.phases[0].id, by=person("ruth"))
        number = challenge.id
    work()
    assert told(app) == [("phase_began", "decide")]
    assert "Beginn: Jurysitzung" in client.page(f"/challenges/{number}")
    assert "Eine neue Phase hat begonnen" in client.page("/activity")


def a_text() -> commands.ChallengeText:
    return commands.ChallengeText(title="Warten im Regen", summary="Kurz.", problem="Lang.")


def moment(app: Flask, days: int) -> datetime:
    """The beginning of a day, so many days from now."""
    with app.test_request_context():
        return clock.start_of(in_days(days))
