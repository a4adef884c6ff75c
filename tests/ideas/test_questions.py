"""A challenge's own questions: asked in the form, checked, kept, shown on page, preview and versions."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.challenges.commands import close_collection
from app.challenges.models import Challenge, ChallengeQuestion
from app.ideas.forms.questions import number_in
from app.ideas.models import Idea, QuestionAnswer
from app.kit.db import db, unit_of_work
from tests.client import Client
from tests.factories.world import World, person
from tests.people import Cast, Person
from tests.support.pages import Form, Page

SignedIn = Callable[[Person], Client]
WORDS = {"title": "Bank mit Lehne", "summary": "Kurz.", "problem": "P.", "solution": "S.", "benefit": "B."}


@pytest.fixture
def asked(app: Flask, world: World) -> dict[str, str]:
    """The names of the fields of four questions, by kind; the number and the choice must be answered."""
    kinds = {"text": ("Wer macht mit?", False), "choice": ("Wann?", True), "number": ("Was kostet es?", True)}
    kinds["file"] = ("Ein Plan?", False)
    with app.app_context(), unit_of_work():
        db.session.get_one(Challenge, world.challenge).questions = [
            ChallengeQuestion(
                position=place,
                kind=kind,
                label=label,
                is_required=needed,
                options=["bald", "später"] if kind == "choice" else [],
                unit="Euro" if kind == "number" else "",
            )
            for place, (kind, (label, needed)) in enumerate(kinds.items())
        ]
        db.session.flush()
        rows = db.session.get_one(Challenge, world.challenge).questions
        return {row.kind: f"question_{row.id}" for row in rows}


def written(client: Client, world: World) -> Form:
    form = client.page(f"/ideas/new?challenge={world.challenge}").form("/ideas")
    return form.fill(topic="mobility", **WORDS)


def answered(form: Form, asked: dict[str, str], **more: object) -> Form:
    values: dict[str, object] = {asked["text"]: "Der Verein.", asked["choice"]: "bald", asked["number"]: "1.250,50"}
    return form.fill(**(values | more))


def said(page: Page) -> list[str]:
    return page.texts(".said dd")


def test_answers_stand_in_preview_page_and_versions(
    app: Flask, cast: Cast, signed_in: SignedIn, world: World, asked: dict[str, str]
) -> None:
    anton = signed_in(cast.anton)
    plan = {asked["file"]: ("plan.txt", b"Erst die Lehne, dann die Bank.")}
    preview = answered(written(anton, world), asked, **plan).submit("Vorschau ansehen")
    expected = ["Der Verein.", "bald", "1.250,50 Euro", "plan.txt"]
    assert said(preview) == expected
    page = preview.press("Idee einreichen")
    assert said(page) == expected
    with anton.get(page.select(".said a")[0].get("href")) as answer:
        assert answer.data.startswith(b"Erst die Lehne")
    form = page.click("Bearbeiten").form("/edit")
    assert form.values[asked["number"]] == ["1250,5"]
    page = form.fill(**{asked["choice"]: "später", asked["file"] + "_gone": True}).submit("Änderungen speichern")
    assert said(page) == ["Der Verein.", "später", "1.250,50 Euro"]
    version = page.click("Änderungen ansehen").click("Fassung 2")
    assert {"Wann?", "Ein Plan?"} <= set(version.texts("[aria-labelledby=aenderungen] h3"))


def test_amounts_are_written_as_money_in_history_and_at_the_moderation_desk(
    cast: Cast, signed_in: SignedIn, world: World, asked: dict[str, str]
) -> None:
    mara, ruth = signed_in(cast.mara), signed_in(cast.ruth)
    page = answered(written(mara, world), asked).submit("Idee einreichen")
    number = page.path.removeprefix("/ideas/").partition("-")[0]
    assert "1.250,50 Euro" in ruth.page("/moderation").click(WORDS["title"])
    page.click("Bearbeiten").form("/edit").fill(**{asked["number"]: "2000,75"}).submit("Änderungen speichern")
    for language, before, after in (
        ("de", "gestrichen: 1.250,50 Ende", "2.000,75 Euro"),
        ("en", "1,250.50", "2,000.75 Euro"),
    ):
        version = ruth.page(f"/ideas/{number}/history/2?lang={language}")
        assert before in version
        assert after in version
        assert "1250,5" not in version


def test_what_must_be_answered_is_asked_for_and_nothing_is_lost(
    cast: Cast, signed_in: SignedIn, world: World, asked: dict[str, str]
) -> None:
    form = written(signed_in(cast.anton), world).fill(**{asked["text"]: "Der Verein.", asked["number"]: "viel"})
    page = form.submit("Idee einreichen", expect=422)
    wrong = " ".join(page.texts("#fehler"))
    assert "Beantworten Sie die Frage: Wann?" in wrong
    assert "Schreiben Sie eine Zahl" in wrong
    again = page.form("/ideas")
    assert again.values[asked["text"]] == ["Der Verein."]
    assert again.values[asked["number"]] == ["viel"]
    forced = again.fill(**{asked["number"]: "5"}).force(**{asked["choice"]: "nie"})
    assert "Wählen Sie eine der Antworten" in forced.submit("Idee einreichen", expect=422)


def test_who_chooses_the_challenge_in_the_form_sees_its_questions_before_it_is_sent(
    cast: Cast, signed_in: SignedIn, world: World, asked: dict[str, str]
) -> None:
    anton = signed_in(cast.anton)
    form = anton.page("/ideas/new").form("/ideas").fill(topic="mobility", challenge=str(world.challenge), **WORDS)
    page = form.submit("Idee einreichen", expect=422)
    assert "Sie stehen jetzt unter den drei Fragen" in page
    answered(page.form("/ideas"), asked).submit("Idee einreichen")
    part = anton.page(f"/ideas/questions?challenge={world.challenge}")
    assert "Was kostet es? (Euro)" in part
    assert "fragt" not in anton.page("/ideas/questions?challenge=")


def test_answers_to_a_question_that_is_asked_no_more_stay(
    app: Flask, cast: Cast, signed_in: SignedIn, world: World, asked: dict[str, str]
) -> None:
    anton = signed_in(cast.anton)
    page = answered(written(anton, world), asked).submit("Idee einreichen")
    with app.app_context(), unit_of_work():
        question = db.session.get_one(ChallengeQuestion, int(asked["text"].removeprefix("question_")))
        question.retired_at = db.session.get_one(Idea, world.idea).submitted_at
    form = page.click("Bearbeiten").form("/edit")
    assert asked["text"] not in form.names
    assert said(form.fill(problem="Neu.").submit("Änderungen speichern"))[0] == "Der Verein."


def test_questions_of_another_challenge_are_not_answered(
    app: Flask, cast: Cast, signed_in: SignedIn, world: World, asked: dict[str, str]
) -> None:
    anton = signed_in(cast.anton)
    form = anton.page("/ideas/new").form("/ideas").fill(topic="mobility", **WORDS)
    form.force(**{asked["text"]: "Hinein geschmuggelt."}).submit("Idee einreichen")
    with app.app_context(), unit_of_work(writes=False):
        assert db.session.scalars(db.select(QuestionAnswer)).unique().all() == []


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), ("12,5", 12.5), ("12.5", 12.5), ("1.250,5", 1250.5), ("1 250", 1250), ("-3", -3), ("viel", None)],
)
def test_numbers_the_german_way(text: str, number: float | None) -> None:
    assert number_in(text) == number


def test_a_collection_that_ends_while_somebody_writes_takes_no_word_away(
    app: Flask, cast: Cast, signed_in: SignedIn, world: World, asked: dict[str, str]
) -> None:
    anton = signed_in(cast.anton)
    form = answered(written(anton, world), asked, **{asked["text"]: "Der ganze Hof."})
    with app.test_request_context(), unit_of_work():
        close_collection(db.session.get_one(Challenge, world.challenge), by=person("ruth"))
    page = form.submit("Idee einreichen", expect=422)
    assert "ist beendet. Ihr Text ist noch da." in page
    again = page.form("/ideas")
    assert [again.values[asked[kind]] for kind in ("text", "choice", "number")] == [
        ["Der ganze Hof."],
        ["bald"],
        ["1.250,50"],
    ]
    assert again.values["challenge"] == [str(world.challenge)]
    kept = again.submit("Vorschau ansehen", expect=422).form("/ideas")
    assert kept.values[asked["text"]] == ["Der ganze Hof."]
    shown = kept.submit("Als freie Idee einreichen")
    assert shown.h1 == "Bank mit Lehne"
    with app.app_context(), unit_of_work(writes=False):
        idea = db.session.scalars(db.select(Idea).where(Idea.title == "Bank mit Lehne")).one()
        assert idea.challenge_id is None
        assert db.session.scalars(db.select(QuestionAnswer)).unique().all() == []


@pytest.mark.parametrize("way", ["", "&guided=1"])
def test_who_comes_too_late_for_a_challenge_is_told_that_this_will_be_a_free_idea(
    app: Flask, cast: Cast, signed_in: SignedIn, world: World, asked: dict[str, str], way: str
) -> None:
    with app.test_request_context(), unit_of_work():
        close_collection(db.session.get_one(Challenge, world.challenge), by=person("ruth"))
    page = signed_in(cast.anton).page(f"/ideas/new?challenge={world.challenge}{way}")
    assert "ist beendet. Was Sie hier schreiben, wird eine freie Idee." in page
    form = page.form("/ideas")
    assert form.values["challenge"] == [""]
    assert asked["text"] not in form.names
    form.fill(topic="mobility", **WORDS).submit("Weiter: ansehen" if way else "Idee einreichen")


@pytest.mark.parametrize("number", ["0", "999999", "²", "9" * 30, "x"])
@pytest.mark.on("sqlite")
def test_a_challenge_that_is_not_there_says_nothing(client: Client, world: World, number: str) -> None:
    assert "beendet" not in client.page(f"/ideas/new?challenge={number}").main
