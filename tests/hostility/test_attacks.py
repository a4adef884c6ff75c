"""What somebody with bad intentions tries, and what it comes to."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import people
from tests.client import Client
from tests.factories import world
from tests.factories.accounts import confirm
from tests.people import Cast

LINK = "Mehr auf [dieser Seite](https://elsewhere.example) und https://elsewhere.example"


def token_of(client: Client) -> str:
    return client.page("/").form("#acts").values["csrf_token"][0]


def test_a_foreign_host_name_gets_into_no_mail(client: Client, cast: Cast) -> None:
    response = client.post("/account/reset", data={"email": cast.mara.email}, headers={"Host": "evil.example"})
    assert response.status_code == 400


@pytest.mark.on("sqlite")
def test_asking_for_a_foreign_host_is_answered_without_crying_wolf(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    response = client.get("/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert "Das hat nicht geklappt" in response.get_data(as_text=True)
    assert "plain error page" not in "".join(capsys.readouterr())


def test_a_draft_planted_by_another_does_nothing_with_my_rights(
    app: Flask, client: Client, signed_in: Callable[..., Client], cast: Cast
) -> None:
    made = world.build(app)
    planted = client.post("/account/delete", data={"sure": "y"})
    assert "continue" not in planted.location, "only content is kept while signing in"
    kept = client.post(f"/subjects/{made.idea}/comments", data={"body": "Untergeschoben."})
    link = kept.location.split("next=")[1].replace("%2F", "/")
    signed_in(cast.mara).page(link, expect=404)
    assert client.page(f"/ideas/{made.idea}").text.count("Untergeschoben") == 0


@pytest.mark.on("sqlite")
def test_guessing_passwords_is_stopped(make_app: Callable[..., Flask]) -> None:
    app = make_app(ENVIRONMENT="development")
    people.settle(app)
    client = app.test_client()
    form = client.page("/login").form("/login").fill(email="mara@example.org", password="geraten")
    codes = [client.post("/login", data=form.values).status_code for _attempt in range(12)]
    assert codes[0] == 422
    assert codes[-1] == 429


def test_broken_addresses_are_refused_not_fatal(
    app: Flask, client: Client, signed_in: Callable[..., Client], cast: Cast
) -> None:
    made = world.build(app)
    assert client.post("/login", data={}, headers={"Origin": "http://[::1"}).status_code == 400
    ruth = signed_in(cast.ruth)
    form = ruth.page(f"/projects/{made.project}/campaign").form("/campaign")
    for address in ("https://[::1", "https://startnext.com:99999/", "javascript:alert(1)", "https://a@b.example"):
        assert "beginnt mit https://" in form.fill(url=address).submit(expect=422)


def test_links_of_people_who_are_not_trusted_lead_nowhere(
    app: Flask, client: Client, signed_in: Callable[..., Client], cast: Cast
) -> None:
    mara, ruth = signed_in(cast.mara), signed_in(cast.ruth)
    form = mara.page("/ideas/new").form("/ideas")
    form.fill(title="Eine Bank", summary="x", problem=LINK, solution=LINK, benefit="z", topic="care")
    idea = form.submit()
    ruth.page("/moderation").click("Eine Bank").form("/decision").fill(measure="approve").submit()
    assert not [link for link in client.page(idea.path).links() if "elsewhere" in link]


def test_an_approved_idea_cannot_be_swapped_for_another(
    app: Flask, client: Client, signed_in: Callable[..., Client], cast: Cast
) -> None:
    made = world.build(app)
    mara, ruth = signed_in(cast.mara), signed_in(cast.ruth)
    ruth.page(f"/moderation/{made.case}").form("/decision").fill(measure="approve").submit()
    published = client.page(f"/ideas/{made.waiting_idea}").path
    mara.page(f"/ideas/{made.waiting_idea}/edit").form("/edit").fill(title="Billige Uhren").submit()
    assert "liest sie noch einmal" in client.page(published, expect=410)
    ruth.page("/moderation").click("Billige Uhren").form("/decision").fill(measure="approve").submit()
    assert client.page(f"/ideas/{made.waiting_idea}").texts(".journey b").count("In Diskussion") == 1
    assert "0 differences" in app.test_cli_runner().invoke(args=["recount"]).output


def test_sending_twice_writes_once(signed_in: Callable[..., Client], cast: Cast, app: Flask) -> None:
    made = world.build(app)
    anton, ruth = signed_in(cast.anton), signed_in(cast.ruth)
    words = {"title": "Doppelt", "summary": "x", "problem": "y", "solution": "z", "benefit": "w", "topic": "care"}
    words["csrf_token"] = token_of(anton)
    assert anton.post("/ideas", data=words).location == anton.post("/ideas", data=words).location
    comment = {"body": "Einmal genügt.", "csrf_token": words["csrf_token"]}
    address = f"/subjects/{made.idea}/comments"
    assert anton.post(address, data=comment).location == anton.post(address, data=comment).location
    project = {"title": "T", "summary": "S", "description": "D", "reason": "R", "csrf_token": token_of(ruth)}
    codes = [ruth.post(f"/ideas/{made.idea}/project", data=project).status_code for _click in range(2)]
    assert codes == [303, 409]


def test_who_registers_after_writing_finds_the_text(client: Client, cast: Cast, app: Flask) -> None:
    made = world.build(app)
    client.page(f"/ideas/{made.idea}").form("/comments").fill(body="Vor dem Registrieren geschrieben.").submit()
    words = {
        "name": "Neu",
        "email": "neu@example.org",
        "password": "lang-genug-99x",
        "password_confirm": "lang-genug-99x",
    }
    client.page("/register").form("/register").fill(**words).submit()
    with app.app_context():
        confirm("neu@example.org")
    client.sign_out()
    client.sign_in("neu@example.org", "lang-genug-99x")
    assert "Vor dem Registrieren" in client.page("/account")
