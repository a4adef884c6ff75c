"""The rule of phases: which acts are open when."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from app.challenges import commands
from app.challenges.commands.phases import PhaseText
from app.challenges.models import Challenge, ChallengePhase
from app.ideas.commands import edit_idea, submit_idea
from app.kit import clock
from app.kit.db import unit_of_work
from app.kit.errors import Conflict, Invalid, NotAllowed
from app.kit.moments import day
from app.subjects.acts import Act
from app.voting.commands import support
from tests.client import Client
from tests.factories.challenges import a_challenge, a_phase, an_answer, at, in_days, the
from tests.factories.world import idea_text, person
from tests.people import Cast

HOUR = timedelta(hours=1)
PAST, RUNS, AHEAD, SHUT = (-3, -1), (-1, 1), (1, 3), None
"""When a phase is, in hours from now; shut: by hand, not opened yet."""

# phases (acts, when), act, whether it is open
RULE = [
    ([], Act.SUBMIT, True),
    ([], Act.SUPPORT, True),
    ([], Act.EDIT, True),
    ([({Act.SUBMIT}, RUNS)], Act.SUBMIT, True),
    ([({Act.SUBMIT}, PAST)], Act.SUBMIT, False),
    ([({Act.SUBMIT}, AHEAD)], Act.SUBMIT, False),
    ([({Act.SUBMIT}, SHUT)], Act.SUBMIT, False),
    ([({Act.SUBMIT}, PAST), ({Act.SUBMIT}, RUNS)], Act.SUBMIT, True),
    ([({Act.COMMENT}, RUNS)], Act.SUBMIT, False),
    ([({Act.COMMENT}, RUNS)], Act.COMMENT, True),
    ([({Act.COMMENT}, PAST)], Act.COMMENT, False),
    ([({Act.SUBMIT}, RUNS)], Act.COMMENT, True),
    ([({Act.SUBMIT}, PAST), ({Act.SUPPORT}, AHEAD)], Act.SUPPORT, False),
    ([({Act.SUBMIT, Act.SUPPORT}, PAST), ({Act.SUPPORT}, RUNS)], Act.SUPPORT, True),
    ([({Act.SUBMIT, Act.EDIT}, PAST)], Act.EDIT, False),
    ([({Act.ASSESS}, AHEAD)], Act.ASSESS, False),
    ([({Act.SUBMIT}, PAST)], Act.FOLLOW, True),
    ([({Act.SUBMIT}, PAST)], Act.REPORT, True),
]


@pytest.mark.parametrize(("phases", "act", "is_open"), RULE)
def test_an_act_that_a_phase_names_is_open_only_while_such_a_phase_runs(
    phases: list[tuple[set[Act], tuple[int, int] | None]], act: Act, is_open: bool
) -> None:
    challenge = Challenge(state="published", status="open")
    challenge.phases = [_phase(acts, when) for acts, when in phases]
    ends = [phase.ends_at for phase in challenge.phases if Act.SUBMIT in phase.acts]
    challenge.ends_at = None if not ends or None in ends else max(end for end in ends if end)
    assert challenge.allows(act) is is_open


@pytest.mark.parametrize(
    ("state", "status", "open_acts"),
    [
        ("draft", "open", {Act.REPORT}),
        ("pending", "open", {Act.REPORT}),
        ("hidden", "open", {Act.REPORT}),
        ("published", "archived", {Act.REPORT, Act.FOLLOW}),
        ("published", "answered", set(Act) - {Act.SUBMIT}),
        ("published", "closed", set(Act) - {Act.SUBMIT}),
        ("published", "open", set(Act)),
    ],
)
def test_what_is_open_depends_on_state_and_status(state: str, status: str, open_acts: set[Act]) -> None:
    challenge = Challenge(state=state, status=status, phases=[])
    assert {act for act in Act if challenge.allows(act)} == open_acts


def test_the_last_day_counts_in_full_also_when_clocks_change(app: Flask, cast: Cast) -> None:
    with app.test_request_context(), unit_of_work(), clock.at(at("2026-10-20 12:00")):
        challenge = a_challenge()
        day = at("2026-10-25 00:00").date()
        commands.save_phases(challenge, [a_phase("collect", day, day)], by=person("anton"))
        phase = challenge.phases[0]
        assert phase.ends_at is not None
        assert phase.starts_at is not None
        assert phase.ends_at - phase.starts_at == timedelta(hours=25), "the day on which clocks go back"
        assert (phase.first_day, phase.last_day) == (day, day)
        for moment, is_open in (
            ("2026-10-24 23:59", False),
            ("2026-10-25 00:00", True),
            ("2026-10-25 23:59", True),
            ("2026-10-26 00:00", False),
        ):
            with clock.at(at(moment)):
                assert challenge.allows(Act.SUBMIT) is is_open, moment


def test_a_short_day_is_a_day_too(app: Flask) -> None:
    with app.test_request_context():
        day = at("2027-03-28 12:00").date()
        assert clock.end_of(day) - clock.start_of(day) == timedelta(hours=23)


def test_phases_may_overlap_and_the_last_that_takes_ideas_ends_the_collection(app: Flask, cast: Cast) -> None:
    with app.test_request_context(), unit_of_work():
        challenge = a_challenge()
        phases = [a_phase("collect", in_days(-5), in_days(2)), a_phase("collect", in_days(1), in_days(9))]
        commands.save_phases(challenge, [*phases, a_phase("vote", in_days(0), in_days(20))], by=person("anton"))
        assert challenge.last_day == in_days(9)
        assert challenge.days_left == 9
        assert [phase.kind for phase in challenge.running_phases] == ["collect", "vote"]
        assert challenge.next_change == clock.start_of(in_days(1))


def test_an_end_before_its_beginning_is_refused(app: Flask, cast: Cast) -> None:
    with app.test_request_context(), unit_of_work():
        challenge = a_challenge()
        with pytest.raises(Invalid):
            commands.save_phases(challenge, [a_phase("collect", in_days(3), in_days(2))], by=person("anton"))


def test_ideas_votes_and_changes_keep_to_the_phases_of_their_challenge(app: Flask, cast: Cast) -> None:
    with app.test_request_context(), unit_of_work():
        challenge = a_challenge()
        idea = an_answer(challenge)
        collect, vote = a_phase("collect", None, in_days(3)), a_phase("vote", in_days(5), in_days(9))
        commands.save_phases(challenge, [collect, vote], by=person("anton"))
        assert idea.may_change()
        with clock.at(clock.start_of(in_days(4))):
            assert not idea.may_change()
            for act in (
                lambda: submit_idea(idea_text("Zu spät", challenge_id=challenge.id), by=person("mara")),
                lambda: support(idea, by=person("mara")),
            ):
                with pytest.raises(Conflict):
                    act()
            with pytest.raises((Conflict, NotAllowed)):
                edit_idea(idea, idea_text("Anders"), by=person("anton"))
        with clock.at(clock.start_of(in_days(5))):
            support(idea, by=person("mara"))


def test_an_idea_can_be_changed_until_the_day_its_phase_names(
    app: Flask, cast: Cast, signed_in: Callable[..., Client]
) -> None:
    with app.test_request_context(), unit_of_work():
        challenge = a_challenge()
        idea = an_answer(challenge).id
        commands.save_phases(challenge, [a_phase("collect", None, in_days(3))], by=person("anton"))
        last = day(in_days(3))
    page = signed_in(cast.anton).page(f"/ideas/{idea}")
    assert f"Bearbeiten können Sie die Idee bis zum {last}." in page


def test_closing_by_hand_ends_the_act_and_opening_again_opens_it(app: Flask, cast: Cast) -> None:
    with app.test_request_context(), unit_of_work():
        challenge = a_challenge()
        commands.save_phases(challenge, [a_phase("collect", by_hand=True)], by=person("anton"))
        number = challenge.phases[0].id
        assert not challenge.is_open
        assert challenge.standing == "open", "it lies ahead"
        commands.open_phase(challenge, number, by=person("anton"))
        commands.open_phase(challenge, number, by=person("anton"))
        assert challenge.is_open
        commands.close_phase(challenge, number, by=person("ruth"))
        assert not challenge.is_open
        assert challenge.standing == "closed"
        with pytest.raises(NotAllowed):
            commands.open_phase(challenge, number, by=person("mara"))


def test_a_challenge_without_phases_takes_ideas_until_its_end(app: Flask, cast: Cast) -> None:
    with app.test_request_context(), unit_of_work():
        challenge = a_challenge(ends_at=clock.end_of(in_days(2)))
        assert challenge.is_open
        with clock.at(clock.end_of(in_days(2))):
            assert not challenge.is_open
        commands.close_collection(challenge, by=person("anton"))
        assert challenge.standing == "closed"
        commands.reopen_collection(challenge, by=person("anton"))
        assert challenge.is_open
        assert challenge.ends_at is None


def test_its_people_change_of_a_phase_that_began_only_words_and_a_later_end(app: Flask, cast: Cast) -> None:
    with app.test_request_context(), unit_of_work():
        challenge = a_challenge()
        anton = person("anton")
        commands.save_phases(challenge, [a_phase("collect", in_days(-2), in_days(4))], by=anton)
        number = challenge.phases[0].id

        def again(by: str = "anton", **more: object) -> PhaseText:
            same = {"id": number, "first": in_days(-2), "last": in_days(4)} | more
            text = a_phase("collect", **same)  # type: ignore[arg-type]
            commands.save_phases(challenge, [text], by=person(by))
            return text

        again(last=in_days(8), name="Sammeln", acts=frozenset())
        phase = challenge.phases[0]
        assert (phase.last_day, phase.name) == (in_days(8), "Sammeln")
        assert Act.SUBMIT in phase.acts, "what those who answered rely on stays"
        with pytest.raises(Invalid):
            again(last=in_days(1))
        with pytest.raises(Invalid):
            commands.save_phases(challenge, [], by=anton)
        again(by="ruth", last=in_days(1), acts=frozenset({Act.COMMENT}))
        assert the(challenge.id).phases[0].last_day == in_days(1), "staff may"


def _phase(acts: set[Act], when: tuple[int, int] | None) -> ChallengePhase:
    phase = ChallengePhase(kind="collect", name="", text="", by_hand=when is None)
    phase.acts = frozenset(acts)
    if when is not None:
        phase.starts_at, phase.ends_at = (clock.now() + hours * HOUR for hours in when)
    return phase
