"""Posting as an organisation: who may, what readers see, and who may change it afterwards."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask

from app.comments.models import Comment
from app.ideas.commands import submit_idea, withdraw_idea
from app.ideas.models import Idea
from app.kit.db import db, unit_of_work
from app.organisations import commands
from app.organisations.models import Organisation, Role
from tests.client import Client
from tests.factories.world import idea_text, organisation_text, person
from tests.people import Cast, Person
from tests.support.queries import counted

SignedIn = Callable[[Person], Client]


@dataclass(frozen=True)
class Posted:
    """An organisation of Anton's and Ada's, and an idea Anton submitted as it."""

    organisation: int
    slug: str
    idea: int


@pytest.fixture
def posted(app: Flask, cast: Cast) -> Posted:
    with app.test_request_context(), unit_of_work():
        made = commands.found_organisation(organisation_text("Offene Werkstatt"), by=person("anton"))
        commands.add_member(made, cast.ada.id, Role.EDITOR, by=person("anton"))
        idea = submit_idea(idea_text("Werkzeug leihen", organisation_id=made.id), by=person("anton"))
        return Posted(made.id, made.slug, idea.id)


def remove(app: Flask, posted: Posted, who: str) -> None:
    with app.test_request_context(), unit_of_work():
        own = db.session.get_one(Organisation, posted.organisation)
        commands.add_member(own, person("ruth").id, Role.OWNER, by=person("ruth"))
        commands.remove_member(own, person(who).id, by=person("ruth"))


def hide(app: Flask, posted: Posted) -> None:
    with app.test_request_context(), unit_of_work():
        commands.set_state(db.session.get_one(Organisation, posted.organisation), "hidden", "Gibt es nicht.")


def test_the_switch_is_shown_to_people_of_organisations_only(
    app: Flask, cast: Cast, posted: Posted, signed_in: SignedIn, client: Client
) -> None:
    for path in ("/ideas/new", "/challenges/new", f"/ideas/{posted.idea}"):
        assert "Sie schreiben als" in signed_in(cast.anton).page(path), path
        assert "Sie schreiben als" not in signed_in(cast.mara).page(path), path
        assert "Sie schreiben als" not in client.page(path), path


def test_one_writes_as_oneself_unless_coming_from_the_organisations_page(
    app: Flask, cast: Cast, posted: Posted, signed_in: SignedIn
) -> None:
    anton = signed_in(cast.anton)
    assert chosen(anton.page("/ideas/new").form("/ideas").values) == ""
    page = anton.page(f"/organisations/{posted.slug}").click("Idee als Organisation einreichen")
    assert chosen(page.form("/ideas").values) == str(posted.organisation)


def test_an_idea_submitted_as_the_organisation_shows_it_everywhere(
    app: Flask, cast: Cast, posted: Posted, signed_in: SignedIn, client: Client
) -> None:
    words = {"title": "Reparieren", "summary": "S", "problem": "P", "solution": "L", "benefit": "N", "topic": "care"}
    form = signed_in(cast.anton).page("/ideas/new").form("/ideas")
    preview = form.fill(**words, organisation=str(posted.organisation)).submit("Vorschau ansehen")
    assert "Offene Werkstatt" in preview.texts("main .by")[0]
    page = preview.press("Idee einreichen")
    line = page.texts("main .by")[0]
    assert "Offene Werkstatt" in line
    assert "für die Organisation: Anton Böhme" in line
    for path in ("/ideas", "/activity", f"/organisations/{posted.slug}"):
        assert "Offene Werkstatt" in client.page(path).main, path
    assert "Offene Werkstatt" in client.page("/activity").texts(".activity li")[0]
    assert "Offene Werkstatt" in client.page(f"/ideas/{posted.idea}").texts(".journey")[0]


def test_a_comment_speaks_for_the_organisation_with_its_mark(
    app: Flask, cast: Cast, posted: Posted, signed_in: SignedIn, client: Client
) -> None:
    with app.test_request_context(), unit_of_work():
        commands.verify(db.session.get_one(Organisation, posted.organisation), by=person("ruth"))
    form = signed_in(cast.anton).page(f"/ideas/{posted.idea}").form("/comments")
    form.fill(body="Wir helfen gern.", organisation=str(posted.organisation)).submit()
    said = client.page(f"/ideas/{posted.idea}").texts(".comment")[0]
    assert "Offene Werkstatt (bestätigte Organisation)" in said
    assert "für die Organisation: Anton Böhme" in said


@pytest.mark.parametrize("who", ["mara", "ruth"])
def test_nobody_speaks_for_an_organisation_they_do_not_belong_to(
    app: Flask, cast: Cast, posted: Posted, signed_in: SignedIn, who: str
) -> None:
    client = signed_in(getattr(cast, who))
    token = client.page("/").form("#acts").values["csrf_token"][0]
    words = {"title": "Ein Titel, der bleibt", "summary": "S", "problem": "P", "solution": "L", "benefit": "N"}
    words["topic"] = "care"
    forged = {"csrf_token": token, "organisation": str(posted.organisation), "body": "Bleibt stehen"}
    for path in ("/ideas", "/ideas/preview", "/challenges", f"/subjects/{posted.idea}/comments"):
        answer = client.post(path, data=words | forged)
        assert answer.status_code == 422, path
        assert "können Sie nicht (mehr) schreiben" in answer.text, path
        assert "Bleibt stehen" in answer.text or "Ein Titel, der bleibt" in answer.text, path
    with app.app_context(), unit_of_work(writes=False):
        assert len(db.session.scalars(db.select(Idea)).all()) == 1
        assert db.session.scalars(db.select(Comment)).unique().all() == []


def test_nobody_speaks_for_a_hidden_organisation(
    app: Flask, cast: Cast, posted: Posted, signed_in: SignedIn, client: Client
) -> None:
    hide(app, posted)
    anton = signed_in(cast.anton)
    assert "Sie schreiben als" not in anton.page("/ideas/new")
    token = anton.page("/").form("#acts").values["csrf_token"][0]
    data = {"body": "x", "csrf_token": token, "organisation": str(posted.organisation)}
    assert anton.post(f"/subjects/{posted.idea}/comments", data=data).status_code == 422
    line = client.page(f"/ideas/{posted.idea}").texts("main .by")[0]
    assert "Anton Böhme" in line
    assert "Werkstatt" not in line, "what it posted stands under the person's name"


def test_colleagues_edit_and_withdraw_what_was_posted_as_the_organisation(
    app: Flask, cast: Cast, posted: Posted, signed_in: SignedIn
) -> None:
    ada = signed_in(cast.ada)
    ada.page(f"/ideas/{posted.idea}").click("Bearbeiten").form("/edit").fill(title="Werkzeug teilen").submit()
    assert ada.page(f"/ideas/{posted.idea}").h1 == "Werkzeug teilen"
    assert signed_in(cast.mara).get(f"/ideas/{posted.idea}/edit").status_code == 403
    with app.test_request_context(), unit_of_work():
        withdraw_idea(db.session.get_one(Idea, posted.idea), by=person("ada"))
    assert ada.page(f"/ideas/{posted.idea}").h1 == "Werkzeug teilen", "its people still see it"
    assert signed_in(cast.mara).get(f"/ideas/{posted.idea}", follow_redirects=True).status_code == 410


@pytest.mark.parametrize("verified", [True, False])
def test_a_new_members_change_of_a_colleagues_idea_waits_unless_the_organisation_is_verified(
    app: Flask, cast: Cast, posted: Posted, signed_in: SignedIn, client: Client, verified: bool
) -> None:
    with app.test_request_context(), unit_of_work():
        own = db.session.get_one(Organisation, posted.organisation)
        commands.add_member(own, cast.mara.id, Role.EDITOR, by=person("anton"))
        if verified:
            commands.verify(own, by=person("ruth"))
    page = signed_in(cast.mara).page(f"/ideas/{posted.idea}/edit").form("/edit").fill(title="Neu").submit()
    assert ("nicht öffentlich, bis die Moderation" in page) is not verified
    assert client.get(f"/ideas/{posted.idea}", follow_redirects=True).status_code == (200 if verified else 410)


def test_an_organisation_one_left_meanwhile_is_a_matter_of_the_form(
    app: Flask, cast: Cast, posted: Posted, signed_in: SignedIn
) -> None:
    with app.test_request_context(), unit_of_work():
        commands.found_organisation(organisation_text("Zweite"), by=person("ada"))
    form = signed_in(cast.ada).page(f"/ideas/{posted.idea}").form("/comments")
    form.fill(body="Wir helfen gern.", organisation=str(posted.organisation))
    remove(app, posted, "ada")
    page = form.submit(expect=422)
    again = page.form("/comments")
    assert again.values["body"] == ["Wir helfen gern."]
    assert chosen(again.values) == "", "as oneself"
    assert "können Sie nicht (mehr) schreiben" in page.texts("#schreiben-als-fehler")[0]
    again.submit()
    with app.app_context(), unit_of_work(writes=False):
        assert db.session.scalars(db.select(Comment.organisation_id)).all() == [None]


@pytest.mark.parametrize("who", ["ada", "anton"])
def test_who_left_edits_no_longer_even_what_they_wrote(
    app: Flask, cast: Cast, posted: Posted, signed_in: SignedIn, who: str
) -> None:
    remove(app, posted, who)
    client = signed_in(getattr(cast, who))
    token = client.page("/").form("#acts").values["csrf_token"][0]
    assert client.get(f"/ideas/{posted.idea}/edit").status_code == 403
    for act in ("edit", "withdrawal"):
        assert client.post(f"/ideas/{posted.idea}/{act}", data={"csrf_token": token}).status_code == 403, act


def test_who_left_no_longer_reads_the_organisations_withdrawn_posts_but_deletes_their_comments(
    app: Flask, cast: Cast, posted: Posted, signed_in: SignedIn
) -> None:
    anton = signed_in(cast.anton)
    form = anton.page(f"/ideas/{posted.idea}").form("/comments")
    form.fill(body="Wir helfen gern.", organisation=str(posted.organisation)).submit()
    remove(app, posted, "anton")
    anton.page(f"/ideas/{posted.idea}").press("Ja, Kommentar löschen")
    with app.test_request_context(), unit_of_work():
        assert db.session.scalars(db.select(Comment.state)).all() == ["deleted"]
        withdraw_idea(db.session.get_one(Idea, posted.idea), by=person("ada"))
    assert anton.get(f"/ideas/{posted.idea}", follow_redirects=True).status_code == 410


def test_membership_costs_no_query_on_pages_that_do_not_ask(
    app: Flask, cast: Cast, posted: Posted, signed_in: SignedIn
) -> None:
    anton, mara = signed_in(cast.anton), signed_in(cast.mara)
    for path in ("/ideas", "/challenges", "/activity"):
        assert counted(app, lambda: anton.get(path)) == counted(app, lambda: mara.get(path)), path  # noqa: B023


def chosen(values: dict[str, list[str]]) -> str:
    return values["organisation"][0]
