"""Setting a challenge up on its pages, without JavaScript: phases, questions, voting, criteria."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.challenges import commands
from app.challenges.commands import QuestionText
from app.kit import clock
from app.kit.db import unit_of_work
from app.kit.errors import Invalid
from tests.client import Client
from tests.factories.challenges import a_challenge, a_phase, an_answer, in_days, the
from tests.factories.world import person
from tests.hostile import MARKUP
from tests.people import Cast

SignedIn = Callable[..., Client]


@pytest.fixture
def challenge(app: Flask, cast: Cast) -> int:
    with app.test_request_context(), unit_of_work():
        return a_challenge().id


def day(app: Flask, number: int) -> str:
    with app.test_request_context():
        return in_days(number).isoformat()


def test_phases_are_added_put_in_order_and_removed_row_by_row(
    app: Flask, cast: Cast, challenge: int, signed_in: SignedIn
) -> None:
    anton = signed_in(cast.anton)
    address = f"/challenges/{challenge}/phases"
    form = anton.page(address).form("Speichern")
    page = form.fill(**{"phase-0-kind": "vote", "phase-0-first_day": day(app, 5)}).submit("Weitere Phase")
    again = page.form("Speichern")
    assert again.values["phase-0-kind"] == ["vote"], "nothing typed is lost"
    more = {"phase-1-kind": "collect", "phase-1-last_day": day(app, 4), "phase-1-place": "1", "phase-0-place": "2"}
    page = again.fill(**more).submit("Speichern")
    assert "Die Phasen sind gespeichert." in page
    with app.test_request_context():
        assert [phase.kind for phase in the(challenge).phases] == ["collect", "vote"]
        assert the(challenge).last_day == in_days(4)
    shown = anton.page(f"/challenges/{challenge}")
    assert "Möglich: Ideen einreichen, eigene Ideen ändern, Ideen unterstützen, kommentieren" in shown
    assert "noch 4 Tage" in shown
    assert "noch 4 Tage" in anton.page("/challenges")
    anton.page(address).form("Speichern").fill(**{"phase-1-remove": True}).submit("Speichern")
    with app.test_request_context():
        assert [phase.kind for phase in the(challenge).phases] == ["collect"]


def test_what_is_wrong_with_a_phase_is_said_at_its_field(
    app: Flask, cast: Cast, challenge: int, signed_in: SignedIn
) -> None:
    anton = signed_in(cast.anton)
    form = anton.page(f"/challenges/{challenge}/phases").form("Speichern")
    wrong = {"phase-0-kind": "collect", "phase-0-first_day": day(app, 5), "phase-0-last_day": day(app, 4)}
    page = form.fill(**wrong, **{"phase-0-name": "Sammeln"}).submit("Speichern", expect=422)
    assert "Der letzte Tag liegt vor dem ersten." in page
    assert page.form("Speichern").values["phase-0-name"] == ["Sammeln"]
    page = form.force(**{"phase-0-kind": "feast"}).submit("Speichern", expect=422)
    page = form.force(**{"phase-0-kind": "vote", "phase-0-last_day": "gestern"}).submit("Speichern", expect=422)
    form.force(**{"phase-rows": "999999999", "phase-0-last_day": day(app, 3)}).submit("Speichern")
    form.force(**{"phase-rows": "-1"}).submit("Speichern")


def test_a_phase_without_days_runs_at_once_until_somebody_ends_it(
    app: Flask, cast: Cast, challenge: int, signed_in: SignedIn
) -> None:
    anton = signed_in(cast.anton)
    form = anton.page(f"/challenges/{challenge}/phases").form("Speichern")
    page = form.fill(**{"phase-0-kind": "collect", "phase-0-first_day": "", "phase-0-last_day": ""}).submit("Speichern")
    assert "Die Phasen sind gespeichert." in page
    assert "Jetzt können Sie" in anton.page(f"/challenges/{challenge}")
    page.form("#acts").submit("Jetzt beenden")
    assert "keine neuen Ideen gesammelt" in anton.page(f"/challenges/{challenge}")


def test_a_phase_is_opened_and_ended_with_a_button(app: Flask, cast: Cast, challenge: int, signed_in: SignedIn) -> None:
    anton = signed_in(cast.anton)
    form = anton.page(f"/challenges/{challenge}/phases").form("Speichern")
    form.fill(**{"phase-0-kind": "collect", "phase-0-by_hand": True}).submit("Speichern")
    assert "Noch nicht offen" in anton.page("/challenges")
    page = anton.page(f"/challenges/{challenge}/phases").form("#acts").submit("Jetzt öffnen")
    assert "Die Phase läuft jetzt." in page
    assert "Idee dazu einreichen" in anton.page(f"/challenges/{challenge}")
    page = page.form("#acts").submit("Jetzt beenden")
    assert "Die Phase ist beendet." in page
    assert "Idee dazu einreichen" not in anton.page(f"/challenges/{challenge}")


def test_an_idea_sent_after_the_end_is_refused_with_words_and_kept(
    app: Flask, cast: Cast, challenge: int, signed_in: SignedIn
) -> None:
    with app.test_request_context(), unit_of_work():
        commands.save_phases(the(challenge), [a_phase("collect", last=in_days(2))], by=person("anton"))
        end = clock.end_of(in_days(2))
    mara = signed_in(cast.mara)
    form = mara.page(f"/ideas/new?challenge={challenge}").form("/ideas")
    words = {"title": "Ein Dach", "summary": "Trocken.", "problem": "Nass.", "solution": "Dach.", "benefit": "Alle."}
    form.fill(**words, topic="mobility", challenge=str(challenge))
    with clock.at(end):
        page = form.submit(expect=422)
    assert "nimmt keine Ideen an" in page
    assert page.form("/ideas").values["problem"] == ["Nass."]


def test_questions_are_asked_and_once_answered_only_added_or_retired(
    app: Flask, cast: Cast, challenge: int, signed_in: SignedIn
) -> None:
    anton = signed_in(cast.anton)
    address = f"/challenges/{challenge}/questions"
    form = anton.page(address).form("Speichern")
    form.fill(**{"frage-0-label": "Was kostet es?", "frage-0-kind": "number", "frage-0-unit": "Euro"})
    page = form.fill(**{"frage-0-is_required": True}).submit("Weitere Frage")
    choice = {"frage-1-label": "Wo?", "frage-1-kind": "choice", "frage-1-options": "Drinnen"}
    page = page.form("Speichern").fill(**choice).submit("Speichern", expect=422)
    assert "Eine Auswahl braucht zwei bis 20 verschiedene Antworten" in page
    page.form("Speichern").fill(**{"frage-1-options": "Drinnen\nDraußen\n\nDrinnen"}).submit("Speichern")
    with app.test_request_context(), unit_of_work():
        asked = [(q.label, q.kind, q.unit, q.options, q.is_required) for q in the(challenge).questions]
        assert asked == [
            ("Was kostet es?", "number", "Euro", [], True),
            ("Wo?", "choice", "", ["Drinnen", "Draußen"], False),
        ]
        an_answer(the(challenge))
    page = anton.page(address)
    assert "Es gibt schon Ideen." in page
    form = page.form("Speichern").force(**{"frage-0-label": "Ganz anders", "frage-0-kind": "text"})
    form.fill(**{"frage-1-remove": True}).submit("Speichern")
    form = anton.page(address).form("Speichern").submit("Weitere Frage").form("Speichern")
    form.force(**{"frage-2-label": "Und wer?", "frage-2-is_required": "y"}).submit("Speichern", expect=422)
    form.force(**{"frage-2-is_required": []}).submit("Speichern")
    with app.test_request_context():
        asked = [(q.label, q.is_asked, q.is_required) for q in the(challenge).questions]
        assert sorted(asked) == [("Und wer?", True, False), ("Was kostet es?", True, True), ("Wo?", False, False)]


def test_the_command_adds_no_required_question_after_the_first_idea(app: Flask, cast: Cast, challenge: int) -> None:
    with app.test_request_context(), unit_of_work():
        an_answer(the(challenge))
        late = QuestionText(kind="text", label="Noch etwas?", is_required=True)
        with pytest.raises(Invalid):
            commands.save_questions(the(challenge), [late], by=person("anton"))


def test_criteria_and_votes_stand_on_the_page(app: Flask, cast: Cast, challenge: int, signed_in: SignedIn) -> None:
    ruth = signed_in(cast.ruth)
    form = ruth.page(f"/challenges/{challenge}/voting").form("Speichern")
    page = form.fill(method="votes").submit("Speichern", expect=422)
    assert "Sagen Sie, wie viele Stimmen jede Person hat." in page
    page.form("Speichern").fill(votes_each="0").submit("Speichern", expect=422)
    page.form("Speichern").fill(votes_each="51").submit("Speichern", expect=422)
    criterion = {"kriterium-0-name": "Wirkung", "kriterium-0-description": "Viele haben etwas davon."}
    page.form("Speichern").fill(votes_each="3", **criterion, **{"kriterium-0-weight": "2"}).submit("Speichern")
    shown = ruth.page(f"/challenges/{challenge}")
    assert "Hier hat jede Person 3 Stimmen" in shown
    assert "Wirkung" in shown
    assert "zählt 2-fach" in shown


@pytest.mark.parametrize("text", MARKUP.values(), ids=MARKUP.keys())
@pytest.mark.on("sqlite")
def test_what_people_type_into_rows_stays_text(
    app: Flask, cast: Cast, challenge: int, signed_in: SignedIn, text: str
) -> None:
    ruth = signed_in(cast.ruth)
    page = ruth.page(f"/challenges/{challenge}/phases").form("Speichern")
    page.fill(**{"phase-0-kind": "collect", "phase-0-last_day": day(app, 3), "phase-0-name": text[:60]})
    page.fill(**{"phase-0-text": text[:400]}).submit("Speichern")
    form = ruth.page(f"/challenges/{challenge}/questions").form("Speichern")
    form.fill(**{"frage-0-label": text[:200], "frage-0-hint": text[:240]}).submit("Speichern")
    form = ruth.page(f"/challenges/{challenge}/voting").form("Speichern")
    form.fill(**{"kriterium-0-name": text[:80], "kriterium-0-description": text[:400]}).submit("Speichern")
    for address in ("", "/phases", "/questions", "/voting"):
        html = ruth.page(f"/challenges/{challenge}{address}").html
        assert "<script>alert" not in html
        assert "onerror=alert" not in html.replace("&#34;&gt;&lt;img src=x onerror=alert", "")
