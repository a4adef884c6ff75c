"""Mails to followers: each person once for each activity, whoever they follow, whatever is killed in between."""

from collections.abc import Callable
from unittest.mock import patch

import pytest
from flask import Flask

from app.accounts.commands import add_person
from app.crowdfunding.commands import link_campaign
from app.follows import commands as follows
from app.ideas.commands import answer_idea, set_state, submit_idea
from app.ideas.models import Idea
from app.kit.db import db, unit_of_work
from app.kit.mail import OutgoingMail
from app.notifications import commands, jobs
from app.notifications.models import Mailing
from app.organisations import commands as organisations
from app.projects.commands import ProjectText, conclude, delete_update, edit_update, post_update, start_project
from app.projects.models import Project, ProjectUpdate
from app.subjects.models import Delivery
from app.subjects.outbox import deliver_due
from app.voting.commands import support
from tests.factories.world import figures, idea_text, organisation_text, person
from tests.people import Cast
from tests.support.mailbox import Mailbox, text_of_message

Work = Callable[[], None]
WORDS = ProjectText(title="Bänke für Döbeln", summary="Kurz.", description="Lang.", reason="Weil es viele wollen.")
ANSWER = "Das prüfen wir gern."


@pytest.fixture
def idea(app: Flask, cast: Cast) -> int:
    """Anton's idea, which Mara supports."""
    with app.test_request_context(), unit_of_work():
        idea = submit_idea(idea_text("Eine Bank"), by=person("anton"))
        support(idea, by=person("mara"))
        return idea.id


def do(app: Flask, act: Callable[[], object]) -> None:
    with app.test_request_context(), unit_of_work():
        act()


def the(idea_id: int) -> Idea:
    return db.session.get_one(Idea, idea_id)


def answer(app: Flask, idea: int) -> None:
    do(app, lambda: answer_idea(the(idea), body=ANSWER, status="under_review", by=person("ruth"), role_label="Team"))


def start(app: Flask, idea: int) -> int:
    with app.test_request_context(), unit_of_work():
        return start_project(the(idea), WORDS, by=person("ruth")).id


def the_project(project_id: int) -> Project:
    return db.session.get_one(Project, project_id)


def the_update(update_id: int) -> ProjectUpdate:
    return db.session.get_one(ProjectUpdate, update_id)


def test_author_and_followers_read_each_their_own_words_and_why(
    app: Flask, cast: Cast, idea: int, smtp: Mailbox, work: Work
) -> None:
    answer(app, idea)
    work()
    assert smtp.subjects_to(cast.anton.email) == ["Offizielle Antwort auf Ihre Idee „Eine Bank“"]
    assert smtp.subjects_to(cast.mara.email) == ["Offizielle Antwort auf die Idee „Eine Bank“"]
    text = " ".join(text_of_message(smtp.last_to(cast.mara.email)).split())
    assert ANSWER in text
    assert "weil Sie der Idee „Eine Bank“ folgen (Sie unterstützen sie)" in text
    assert "/unsubscribe/" in text
    assert smtp.to(cast.ruth.email) == [], "who did it is not told"


def test_every_step_to_the_result_reaches_everybody_once(
    app: Flask, cast: Cast, idea: int, smtp: Mailbox, work: Work
) -> None:
    project = start(app, idea)
    work()
    do(app, lambda: link_campaign(the_project(project), figures(), by=person("ruth")))
    work()
    do(app, lambda: post_update(the_project(project), title="Holz ist da", body="Eiche!", by=person("ruth")))
    work()
    do(app, lambda: conclude(the_project(project), "Zehn Bänke stehen.", by=person("ruth")))
    work()
    work()
    assert smtp.subjects_to(cast.mara.email) == [
        "Aus einer Idee wird ein Projekt: „Bänke für Döbeln“",
        "Für „Bänke für Döbeln“ läuft ein Crowdfunding",
        "Neues aus dem Projekt „Bänke für Döbeln“: Holz ist da",
        "Was aus „Bänke für Döbeln“ geworden ist",
    ]
    assert len(smtp.to(cast.anton.email)) == 4
    assert "über die Idee „Eine Bank“" in text_of_message(smtp.last_to(cast.mara.email))


def test_many_reasons_make_one_mail(app: Flask, cast: Cast, smtp: Mailbox, work: Work) -> None:
    def prepare() -> int:
        made = organisations.found_organisation(organisation_text("Werkstatt"), by=person("anton"))
        idea = submit_idea(idea_text("Eine Bank", organisation_id=made.id), by=person("anton"))
        follows.follow(made, by=person("mara"))
        follows.follow(idea, by=person("mara"))
        support(idea, by=person("mara"))
        return idea.id

    with app.test_request_context(), unit_of_work():
        idea = prepare()
    work()
    smtp.clear()
    start(app, idea)
    work()
    assert [len(smtp.to(one.email)) for one in (cast.mara, cast.anton)] == [1, 1]


def test_an_organisations_followers_hear_what_it_posts(app: Flask, cast: Cast, smtp: Mailbox, work: Work) -> None:
    def prepare() -> None:
        made = organisations.found_organisation(organisation_text("Werkstatt"), by=person("anton"))
        follows.follow(made, by=person("mara"))
        submit_idea(idea_text("Eine Bank", organisation_id=made.id), by=person("anton"))
        submit_idea(idea_text("Privat"), by=person("anton"))

    do(app, prepare)
    work()
    assert smtp.subjects_to(cast.mara.email) == ["Neu von Werkstatt: „Eine Bank“"]
    assert smtp.to(cast.anton.email) == []


def test_mail_is_written_in_the_language_of_the_person(
    app: Flask, cast: Cast, idea: int, smtp: Mailbox, work: Work
) -> None:
    do(app, lambda: setattr(person("mara"), "language", "en"))
    project = start(app, idea)
    do(app, lambda: post_update(the_project(project), title="", body="Eiche!", by=person("ruth")))
    work()
    assert smtp.subjects_to(cast.mara.email)[-1] == "News from the project “Bänke für Döbeln”"
    assert "No more emails about this:" in text_of_message(smtp.last_to(cast.mara.email))


@pytest.mark.parametrize(
    ("setting", "left"),
    [("answers", ["Aus", "Neues"]), ("steps", ["Offizielle", "Neues"]), ("updates", ["Offizielle", "Aus"])],
)
def test_each_kind_can_be_switched_off(
    app: Flask, cast: Cast, idea: int, smtp: Mailbox, work: Work, *, setting: str, left: list[str]
) -> None:
    do(app, lambda: follows.save_settings(cast.mara.id, {setting: False}))
    answer(app, idea)
    project = start(app, idea)
    do(app, lambda: post_update(the_project(project), title="", body="Eiche!", by=person("ruth")))
    work()
    assert sorted(subject.split()[0] for subject in smtp.subjects_to(cast.mara.email)) == sorted(left)


def test_hidden_and_deleted_things_are_no_news(app: Flask, cast: Cast, idea: int, smtp: Mailbox, work: Work) -> None:
    answer(app, idea)
    project = start(app, idea)
    do(app, lambda: set_state(the(idea), "hidden", "Nein."))
    with app.test_request_context(), unit_of_work():
        update = post_update(the_project(project), title="", body="Eiche!", by=person("ruth"))
        edit_update(update, title="", body="Buche!", by=person("ruth"))
        delete_update(the_update(update.id), by=person("ruth"))
    work()
    assert [subject.split()[0] for subject in smtp.subjects_to(cast.mara.email)] == ["Aus"]


def test_a_changed_update_is_not_sent_again(app: Flask, cast: Cast, idea: int, smtp: Mailbox, work: Work) -> None:
    project = start(app, idea)
    with app.test_request_context(), unit_of_work():
        update = post_update(the_project(project), title="", body="Eiche!", by=person("ruth"))
        post_update(the_project(project), title="", body="Eiche!", by=person("ruth"))
        number = update.id
    work()
    before = len(smtp.messages)
    do(app, lambda: edit_update(the_update(number), title="", body="Buche!", by=person("ruth")))
    work()
    assert len(smtp.messages) == before


def test_running_everything_again_sends_nothing_twice(
    app: Flask, cast: Cast, idea: int, smtp: Mailbox, work: Work
) -> None:
    answer(app, idea)
    work()
    assert len(smtp.messages) == 2
    do(app, lambda: db.session.execute(db.update(Delivery).values(done_at=None)))
    work()
    do(app, lambda: db.session.execute(db.update(Mailing).values(done_at=None, reached_id=0)))
    work()
    assert len(smtp.messages) == 2


def test_five_hundred_followers_in_steps_with_a_kill_in_between_get_one_mail_each(
    app: Flask, cast: Cast, idea: int, work: Work
) -> None:
    crowd(app, idea, 500)
    answer(app, idea)
    handed_out, steps = commands._hand_out, []

    def die_in_the_second(mailing_id: int, reached_id: int, letters: list[object], last_id: int | None) -> bool:
        steps.append(len(letters))
        going_on = handed_out(mailing_id, reached_id, letters, last_id)  # type: ignore[arg-type]
        if len(steps) == 2:
            raise KeyboardInterrupt  # after the work, before the commit
        return going_on

    with app.test_request_context():
        with patch.object(commands, "_hand_out", die_in_the_second), pytest.raises(KeyboardInterrupt):
            deliver()
        assert (steps, written(app)) == ([200, 200], 200), "what was not committed did not happen"
        jobs.mail_followers()
    assert written(app) == 502
    with app.test_request_context():
        jobs.mail_followers()
    assert written(app) == 502


def test_two_workers_at_the_same_step_hand_it_out_once(app: Flask, cast: Cast, idea: int) -> None:
    answer(app, idea)
    with app.test_request_context():
        deliver()
        with unit_of_work():
            mailing = db.session.scalars(db.select(Mailing)).one()
            assert commands._hand_out(mailing.id, 0, [], None) is False
    assert written(app) == 2


def test_a_mailing_that_fails_waits_and_does_not_hold_up_others(
    app: Flask, cast: Cast, idea: int, smtp: Mailbox, work: Work
) -> None:
    answer(app, idea)
    with patch.object(commands.mail, "compose", side_effect=RuntimeError):
        work()
    with app.app_context(), unit_of_work(writes=False):
        mailing = db.session.scalars(db.select(Mailing)).one()
        assert (mailing.attempts, mailing.done_at) == (1, None)
    do(app, lambda: db.session.execute(db.update(Mailing).values(due_at=Mailing.created_at)))
    work()
    work()
    assert len(smtp.messages) == 2


def crowd(app: Flask, idea: int, number: int) -> None:
    """Many followers."""

    def come() -> None:
        for index in range(number):
            one = add_person(email=f"f{index}@example.org", name=f"Folgt {index}", password_hash="x")
            follows.follow(the(idea), by=one)

    do(app, come)


def deliver() -> None:
    """Deliver what is due, without waking the queue's own worker."""
    deliver_due()
    jobs.mail_followers()


def written(app: Flask) -> int:
    with app.app_context(), unit_of_work(writes=False):
        return db.session.scalar(db.select(db.func.count(OutgoingMail.id))) or 0


def test_an_answer_sent_twice_stands_once_and_is_mailed_once(
    app: Flask, cast: Cast, idea: int, smtp: Mailbox, work: Work
) -> None:
    answer(app, idea)
    answer(app, idea)
    work()
    assert len(smtp.to(cast.anton.email)) == 1
    assert len(smtp.to(cast.mara.email)) == 1


def test_an_organisation_hears_of_the_answer_to_its_idea(app: Flask, cast: Cast, smtp: Mailbox, work: Work) -> None:
    def prepare() -> int:
        made = organisations.found_organisation(organisation_text("Werkstatt"), by=person("anton"))
        follows.follow(made, by=person("mara"))
        return submit_idea(idea_text("Eine Bank", organisation_id=made.id), by=person("anton")).id

    with app.test_request_context(), unit_of_work():
        made = prepare()
    work()
    smtp.clear()
    answer(app, made)
    work()
    assert smtp.subjects_to(cast.mara.email) == ["Offizielle Antwort auf die Idee „Eine Bank“"]
    assert "weil Sie der Organisation „Werkstatt“ folgen" in " ".join(
        text_of_message(smtp.last_to(cast.mara.email)).split()
    )
    assert len(smtp.to(cast.anton.email)) == 1
