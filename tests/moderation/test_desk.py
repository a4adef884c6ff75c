"""The desk of a moderator with many cases: queues, the next case, what waits beside."""

import pytest
from flask import Flask

from tests.client import Client
from tests.factories import world
from tests.people import Cast


@pytest.fixture
def desk(app: Flask, cast: Cast, client: Client) -> Client:
    """Ruth's, with a reported idea and three new comments that wait."""
    made = world.build(app)
    client.sign_in(cast.mara.email)
    for number in range(3):
        client.page(f"/ideas/{made.idea}").form("/comments").fill(body=f"Frage {number}: Wer baut sie?").submit()
    client.sign_out()
    report = client.page(f"/report/{made.idea}").form(f"/report/{made.idea}")
    report.fill(ground="advertising", text="Das ist Werbung.").submit()
    client.sign_in(cast.ruth.email)
    return client


def test_queues_hold_what_waits_for_their_cause(desk: Client) -> None:
    everything = desk.page("/moderation")
    reported = desk.page("/moderation?cause=report")
    assert 0 < len(reported.texts(".cases li")) < len(everything.texts(".cases li"))
    assert all("gemeldet" in row for row in reported.texts(".cases .kind"))
    assert reported.texts(".chips [aria-current]")[0].startswith("Gemeldet")
    assert desk.page("/moderation?cause=nonsense").texts(".cases li") == everything.texts(".cases li")


def test_a_row_says_enough_to_choose(desk: Client) -> None:
    rows = desk.page("/moderation?cause=new").texts(".cases li")
    assert any("Frage 0" in row and "Mara Albrecht" in row and "dabei seit" in row for row in rows)


def test_a_comment_is_called_by_where_it_was_said(desk: Client) -> None:
    queue = desk.page("/moderation?cause=new")
    row = next(row for row in queue.select(".cases li a") if "Frage 0" in row.text_content())
    said = row.cssselect("strong")[0].text_content()
    assert said.startswith("Kommentar zu: ")
    assert row.text_content().count("Frage 0") == 1
    case = desk.page(row.get("href"))
    assert case.h1 == said
    assert any("Frage 1" in text for text in case.texts(".beside .cases li")), "and told apart by its words"


def test_a_decision_leads_to_the_next_case_of_the_queue(desk: Client) -> None:
    case = desk.page("/moderation?cause=new").click("Mit dem ältesten anfangen")
    first, waiting = case.h1, len(case.texts(".beside .cases li"))
    following = case.form("/decision").fill(measure="approve").submit("Senden, dann der nächste Fall")
    assert following.h1 != first
    assert "Entschieden." in following
    assert len(following.texts(".beside .cases li")) == waiting - 1
    assert following.select("input[name=cause][value=new]"), "still in the same queue"


def test_after_the_last_case_comes_the_list(desk: Client) -> None:
    page = desk.page("/moderation?cause=report").click("Mit dem ältesten anfangen")
    assert page.form("/decision").fill(measure="dismiss").submit("Entscheidung senden").h1 == "Moderation"
    while (left := desk.page("/moderation")).select(".cases a"):
        case = left.click("Mit dem ältesten anfangen")
        case.form("/decision").fill(measure=case.select("input[name=measure]")[0].get("value")).submit()
    assert "Alles entschieden" in left
