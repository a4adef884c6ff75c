"""Bad input gets a clear 4xx or is shown literally; never a 500, nothing half-written."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import func, select

from app.ideas.models import Idea
from app.kit.base import Base
from app.kit.db import db
from tests.client import Client
from tests.factories import world
from tests.hostile import BROKEN_BYTES, CONTROLS, IDS, INJECTIONS, NUMBERS, REFUSED, STRINGS, UNICODE
from tests.people import Cast

REFUSALS = (400, 404, 409, 410, 413, 422)
WORDS = {"title": "Titel", "summary": "Kurz.", "problem": "Problem.", "solution": "Lösung.", "benefit": "Nutzen."}


@dataclass(frozen=True)
class FormCase:
    """A form: where it is sent, by whom, what is right in it, which fields take any text, which a choice."""

    address: str
    who: str
    right: dict[str, str]
    texts: list[str]
    choices: list[str] = field(default_factory=list)


FORMS = {
    "idea": FormCase(
        "/ideas",
        "anton",
        WORDS | {"topic": "mobility", "challenge": "", "place": "", "picture_alt": ""},
        ["title", "summary", "problem", "solution", "benefit", "picture_alt"],
        ["topic", "challenge", "place", "picture_id", "draft_token", "organisation"],
    ),
    "preview": FormCase(
        "/ideas/preview", "anton", WORDS | {"topic": "care"}, list(WORDS), ["draft_token", "picture_id"]
    ),
    "challenge": FormCase(
        "/challenges",
        "anton",
        {"title": "T", "summary": "S", "problem": "P", "topic": "care", "ends_on": ""},
        ["title", "summary", "problem", "good_answer"],
        ["topic", "place", "ends_on"],
    ),
    "edit": FormCase("/ideas/{idea}/edit", "anton", WORDS | {"topic": "care"}, list(WORDS), ["topic", "place"]),
    "comment": FormCase("/subjects/{idea}/comments", "anton", {"body": "Gut."}, ["body"], ["parent", "organisation"]),
    "report": FormCase("/report/{idea}", "", {"ground": "law", "text": "x"}, ["text"], ["ground", "email"]),
    "decision": FormCase(
        "/moderation/{case}/decision",
        "ruth",
        {"measure": "hide", "ground": "law", "facts": "x"},
        ["facts"],
        ["measure", "ground"],
    ),
    "answer": FormCase("/ideas/{idea}/answers", "ruth", {"body": "x", "status": ""}, ["body"], ["status"]),
    "project": FormCase(
        "/ideas/{idea}/project",
        "ruth",
        {"title": "T", "summary": "S", "description": "D", "reason": "R"},
        ["title", "summary", "description", "reason"],
    ),
    "outcome": FormCase("/projects/{project}/result", "ruth", {"outcome": "x"}, ["outcome"]),
    "campaign": FormCase(
        "/projects/{project}/campaign",
        "ruth",
        {"url": "https://a.example/", "platform": "x", "goal": "1", "raised": "0", "backers": "0"}
        | {"starts_on": "2026-01-01", "ends_on": "2026-02-01"},
        ["platform"],
        ["url", "goal", "raised", "backers", "starts_on", "ends_on"],
    ),
    "organisation": FormCase(
        "/organisations",
        "anton",
        {"name": "N", "category": "other", "summary": "S"},
        ["name", "summary", "text"],
        ["category", "topic", "place", "website", "draft_token"],
    ),
    "organisation page": FormCase(
        "/organisations/{organisation}/edit",
        "anton",
        {"name": "N", "category": "other", "summary": "S"},
        ["name", "summary", "text"],
        ["category", "topic", "place", "website"],
    ),
    "invitation": FormCase(
        "/organisations/{organisation}/invitations", "anton", {"role": "editor"}, [], ["email", "role"]
    ),
    "verification": FormCase("/organisations/{organisation}/verification", "ruth", {}, ["reason"]),
    "update": FormCase("/projects/{project}/updates", "ruth", {"title": "T", "body": "B"}, ["title", "body"]),
    "changed update": FormCase("/updates/{update}/edit", "ruth", {"title": "T", "body": "B"}, ["title", "body"]),
    "notifications": FormCase("/account/notifications", "mara", {}, [], ["answers", "steps", "follow_supported"]),
    "unsubscribing": FormCase("/unsubscribe/{unsubscribe_token}", "mara", {}, [], ["scope", "List-Unsubscribe"]),
    "draft": FormCase("/drafts", "anton", {"title": "x"}, ["title", "problem"], ["form_address", "draft_token"]),
    "register": FormCase(
        "/register",
        "",
        {"name": "x", "email": "x@example.org", "password": "lang-genug-99", "password_confirm": "lang-genug-99"},
        ["name"],
        ["email", "password", "next"],
    ),
    "login": FormCase(
        "/login", "", {"email": "x@example.org", "password": "y"}, ["password"], ["email", "next", "remember"]
    ),
    "reset": FormCase("/account/reset", "", {"email": "x@example.org"}, [], ["email"]),
    "confirm": FormCase("/account/confirm", "", {"email": "x@example.org"}, [], ["email"]),
    "password": FormCase("/account/password", "anton", {"password": "x"}, [], ["password", "new_password"]),
    "delete": FormCase("/account/delete", "mara", {}, [], ["sure_not"]),
}


@pytest.fixture
def everything(app: Flask, cast: Cast) -> world.World:
    return world.build(app)


@pytest.mark.parametrize("name", FORMS)
def test_every_string_in_every_field_is_refused_in_words_or_taken_literally(
    app: Flask, cast: Cast, everything: world.World, name: str, signed_in: Callable[..., Client]
) -> None:
    case = FORMS[name]
    client = signed_in(getattr(cast, case.who)) if case.who else app.test_client()
    token = client.page("/login" if not case.who else "/").select("input[name=csrf_token]")[0].get("value")
    address = case.address.format(**vars(everything))
    # Choices first: they are refused, and no page has grown yet by the texts that are taken.
    for fields in filter(None, (case.choices, case.texts)):
        for label, text in told(app, name).items():
            data = case.right | dict.fromkeys(fields, text) | {"csrf_token": token}
            response = client.post(address, data=data)
            status = response.status_code
            # 403: the first text that was taken made the project, or told its result; a second cannot.
            # Also 403: an id of an organisation that is not theirs.
            settled = (403,) if name in ("project", "outcome") or "organisation" in fields else ()
            assert status in (200, 302, 303, *REFUSALS, *settled), f"{label} in {fields}: {status}"
            assert status in (400, *settled) if "\0" in text else True, f"{label} in {fields} is no text: {status}"
            if status == 422:
                assert_kept(response.get_data(as_text=True), fields, text)


def told(app: Flask, name: str) -> dict[str, str]:
    """All strings on SQLite; on PostgreSQL those in which databases could differ, in forms that write them."""
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        return STRINGS | REFUSED
    if name not in ("idea", "comment", "challenge", "report", "campaign", "draft"):
        return REFUSED
    return INJECTIONS | UNICODE | CONTROLS | NUMBERS | REFUSED


def assert_kept(page: str, fields: list[str], text: str) -> None:
    """What was typed stands in the field again (line ends and control characters aside)."""
    tree = html.document_fromstring(page)
    for name in fields:
        letters = "".join(letter for letter in text if letter.isalnum())[:200]
        boxes = ["".join(filter(str.isalnum, box.text or "")) for box in tree.cssselect(f"textarea[name={name}]")]
        assert not boxes or any(letters in box for box in boxes), name


@pytest.mark.parametrize(
    "path", ["/ideas/{}", "/challenges/{}", "/projects/{}-x", "/pictures/{}/480.webp", "/report/{}"]
)
def test_an_id_that_is_none_is_not_found(client: Client, path: str) -> None:
    for text in IDS:
        assert client.get(path.format(text)).status_code in (400, 404), text


def test_broken_bytes_are_refused_or_shown_as_they_came(client: Client) -> None:
    """Werkzeug leaves percent-encoded bytes of a query or form that are no UTF-8 as they came."""
    for raw in BROKEN_BYTES:
        text = raw.decode()
        assert client.get(f"/ideas/{text}").status_code in (400, 404)
        assert client.get(f"/search?q={text}").status_code == (400 if raw == b"%00" else 200)
        body = {"data": f"text={text}", "content_type": "application/x-www-form-urlencoded"}
        assert client.post("/report/receipt/x", **body).status_code in (400, 405)


def test_strange_queries_leave_lists_and_search_standing(app: Flask, client: Client, everything: world.World) -> None:
    for text in (text for text in told(app, "idea").values() if "\0" not in text):
        for path in ("/ideas", "/challenges", "/projects", "/activity", "/organisations"):
            query = dict.fromkeys(
                ("after", "sort", "topic", "place", "status", "challenge", "standing", "category", "lang"), text[:500]
            )
            assert client.get(path, query_string=query).status_code == 200
        assert (
            client.get("/search", query_string={"q": text[:3000], "after": text[:30], "kind": text[:30]}).status_code
            == 200
        )
        assert client.get("/ideas", query_string={"q": text[:3000]}).status_code == 200
        assert client.get("/organisations", query_string={"q": text[:3000]}).status_code == 200


def test_ten_megabytes_of_text_are_too_much_in_german(signed_in: Callable[..., Client], cast: Cast, app: Flask) -> None:
    client = signed_in(cast.anton)
    token = client.page("/").form("#acts").values["csrf_token"][0]
    response = client.post("/ideas", data=WORDS | {"problem": "ä" * 5_000_000, "csrf_token": token})
    assert response.status_code == 413
    assert "Das ist zu groß" in response.get_data(as_text=True)
    assert rows(app, Idea) == 0


def test_a_missing_or_foreign_token_refuses_and_gives_the_text_back(
    signed_in: Callable[..., Client], cast: Cast, app: Flask
) -> None:
    client = signed_in(cast.anton)
    for token in ({}, {"csrf_token": "of-somebody-else"}):
        response = client.post("/ideas", data=WORDS | {"topic": "care", "problem": "Mein langer, langer Text."} | token)
        assert response.status_code == 400
        assert "Mein langer, langer Text." in response.get_data(as_text=True)
    elsewhere = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    assert client.post("/ideas", data=WORDS, headers=elsewhere).status_code == 400
    assert app.test_client().post("/report/1", data={}, headers=elsewhere).status_code == 400
    assert rows(app, Idea) == 0


def test_forged_ids_and_unknown_challenges_write_nothing(
    signed_in: Callable[..., Client], cast: Cast, app: Flask, everything: world.World
) -> None:
    client, before = signed_in(cast.mara), rows(app, Idea)
    token = client.page("/").form("#acts").values["csrf_token"][0]
    forged = WORDS | {"topic": "care", "csrf_token": token}
    for challenge in ("99999", str(everything.idea), "-1", "9" * 30):
        response = client.post("/ideas", data=forged | {"challenge": challenge})
        assert response.status_code == 422
        assert "nimmt keine Ideen an" in response.get_data(as_text=True)
    assert client.post("/ideas", data=forged | {"picture_id": str(everything.picture)}).status_code == 303
    reply = {"body": "x", "parent": "99999", "csrf_token": token}
    assert client.post(f"/subjects/{everything.idea}/comments", data=reply).status_code == 409
    assert rows(app, Idea) == before + 1
    with app.app_context():
        assert (
            db.session.get(Base.registry._class_registry["Picture"], everything.picture).subject_id == everything.idea
        )


def rows(app: Flask, model: type[Base]) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0
