"""One-click unsubscribing (RFC 8058) and the page behind the link."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.follows.models import Follow, FollowSettings
from app.follows.queries import unsubscribe_token
from app.ideas.commands import answer_idea, submit_idea
from app.ideas.models import Idea
from app.kit import sealed
from app.kit.db import db, unit_of_work
from app.kit.mail import OutgoingMail
from app.voting.commands import support
from tests.client import Client
from tests.factories.world import idea_text, person
from tests.people import Cast
from tests.support.mailbox import Mailbox

Work = Callable[[], None]
ONE_CLICK = {"data": "List-Unsubscribe=One-Click", "content_type": "application/x-www-form-urlencoded"}
ELSEWHERE = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}


@pytest.fixture
def idea(app: Flask, cast: Cast) -> int:
    with app.test_request_context(), unit_of_work():
        idea = submit_idea(idea_text("Eine Bank"), by=person("anton"))
        support(idea, by=person("mara"))
        return idea.id


def answer(app: Flask, idea: int, words: str) -> None:
    with app.test_request_context(), unit_of_work():
        answer_idea(db.session.get_one(Idea, idea), body=words, status="", by=person("ruth"), role_label="Team")


def followers(app: Flask, idea: int) -> list[int]:
    with app.app_context(), unit_of_work(writes=False):
        return list(db.session.scalars(db.select(Follow.person_id).where(Follow.subject_id == idea)))


def test_a_mail_program_ends_a_follow_with_one_post_and_nothing_else(
    app: Flask, cast: Cast, idea: int, smtp: Mailbox, work: Work, client: Client
) -> None:
    answer(app, idea, "Eins.")
    work()
    message = smtp.last_to(cast.mara.email)
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = str(message["List-Unsubscribe"]).strip()
    assert link.startswith("<http")
    assert link.endswith(">")
    path = "/" + link.strip("<>").split("/", 3)[3]
    assert path == smtp.link_in_last_to(cast.mara.email, "/unsubscribe/"), "the same link stands in the text"
    for _again in range(2):
        response = client.post(path, headers=ELSEWHERE, **ONE_CLICK)
        assert (response.status_code, response.mimetype) == (200, "text/plain")
        assert "Set-Cookie" not in response.headers
    assert followers(app, idea) == [cast.anton.id]
    answer(app, idea, "Zwei.")
    work()
    assert len(smtp.to(cast.mara.email)) == 1
    assert len(smtp.to(cast.anton.email)) == 2


def test_mails_of_other_kinds_have_no_such_header_and_sent_ones_forget_the_link(
    app: Flask, cast: Cast, idea: int, smtp: Mailbox, work: Work, client: Client
) -> None:
    client.page("/account/reset").form("/account/reset").fill(email=cast.mara.email).submit()
    answer(app, idea, "Eins.")
    work()
    headers = [message["List-Unsubscribe"] for message in smtp.to(cast.mara.email)]
    assert sorted(header is None for header in headers) == [False, True]
    with app.app_context(), unit_of_work(writes=False):
        assert set(db.session.scalars(db.select(OutgoingMail.unsubscribe_url))) == {""}


def test_reading_the_link_changes_nothing_and_asks(app: Flask, cast: Cast, idea: int, client: Client) -> None:
    path = link_of(app, cast.mara.id, idea)
    for _again in range(2):
        page = client.page(path)
        assert client.head(path).status_code == 200
    assert "Eine Bank" in page
    assert cast.mara.id in followers(app, idea)
    assert "keine E-Mails mehr zu „Eine Bank“" in page.press("Nicht mehr benachrichtigen")
    assert followers(app, idea) == [cast.anton.id]


def test_everything_can_be_switched_off_at_once(
    app: Flask, cast: Cast, idea: int, client: Client, smtp: Mailbox, work: Work
) -> None:
    client.page(link_of(app, cast.mara.id, idea)).press("Alle Benachrichtigungen abschalten")
    with app.app_context(), unit_of_work(writes=False):
        chosen = db.session.get_one(FollowSettings, cast.mara.id)
        assert (chosen.answers, chosen.steps, chosen.updates, chosen.posts) == (False, False, False, False)
        assert chosen.follow_supported
    answer(app, idea, "Eins.")
    work()
    assert smtp.to(cast.mara.email) == []


def test_a_link_is_ours_or_not_found_and_says_nothing_of_the_person(
    app: Flask, cast: Cast, idea: int, client: Client
) -> None:
    path = link_of(app, cast.mara.id, idea)
    token = path.rsplit("/", 1)[1]
    assert len(token) == 43
    page = client.page(path)
    assert "Mara" not in page
    assert "example.org" not in page.main
    changed = [token[:index] + ("A" if token[index] != "A" else "B") + token[index + 1 :] for index in range(42)]
    for wrong in (*changed, token[:-3], f"{token}AA", "x", "ä", "=" * 43, "%00"):
        assert client.get(f"/unsubscribe/{wrong}").status_code in (400, 404), wrong
        assert client.post(f"/unsubscribe/{wrong}", **ONE_CLICK).status_code in (400, 404), wrong
    assert cast.mara.id in followers(app, idea)


def test_a_sealed_text_opens_for_its_purpose_only(app: Flask) -> None:
    with app.test_request_context():
        text = sealed.seal("one", 7, 2**62)
        assert sealed.unseal("one", text) == (7, 2**62)
        assert sealed.unseal("other", text) is None
        assert sealed.seal("one", 7, 2**62) == text
        assert sealed.seal("one", 8, 2**62)[:8] != text[:8]


def test_members_use_the_link_too_while_signed_in(app: Flask, cast: Cast, idea: int) -> None:
    client = app.test_client()
    assert isinstance(client, Client)
    client.become(cast.mara.key)
    assert client.post(link_of(app, cast.mara.id, idea), headers=ELSEWHERE, **ONE_CLICK).status_code == 200
    assert followers(app, idea) == [cast.anton.id]


def test_other_addresses_still_refuse_foreign_requests(app: Flask, cast: Cast, idea: int, client: Client) -> None:
    assert client.post(f"/subjects/{idea}/follow", headers=ELSEWHERE).status_code == 400
    assert client.post("/unsubscribe", headers=ELSEWHERE).status_code in (400, 404)


def link_of(app: Flask, person_id: int, subject_id: int) -> str:
    with app.test_request_context():
        return f"/unsubscribe/{unsubscribe_token(person_id, subject_id)}"
