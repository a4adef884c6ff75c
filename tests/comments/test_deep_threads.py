"""Comments of other platforms come in with their tree; deep and long threads read well in few queries."""

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from app.comments.models import Comment, CommentOrigin
from app.comments.queries import FIRST_REPLIES, REPLIES, THREADS
from app.kit.db import db
from tests.client import Client
from tests.factories import world
from tests.people import Cast
from tests.support.queries import counted
from tests.support.tables import file_of, import_comments, run

DEEP = 24


@pytest.fixture
def there(app: Flask, cast: Cast) -> world.World:
    return world.build(app)


def row(key: str, parent: str = "", minute: int = 0, **more: str) -> dict[str, str]:
    at = f"2024-03-{1 + minute // 1440:02}T{minute // 60 % 24:02}:{minute % 60:02}:00+01:00"
    names = {"id": key, "parent_id": parent, "text": f"Text {key}", "author_name": f"Name {key}", "created_at": at}
    return names | {"up": "", "down": ""} | more


def tree() -> list[dict[str, str]]:
    """592 comments in 24 levels of replies, five parents missing, children before parents."""
    rows = [row(f"k{level}", f"k{level - 1}" if level else "", level) for level in range(DEEP + 1)]
    rows += [row(f"o{n}", f"gone{n // 2}", 100 + n) for n in range(10)]
    dice = random.Random(7)
    while len(rows) < 592:
        n = len(rows)
        parent = f"c{dice.randrange(35, n)}" if n > 60 and dice.random() < 0.9 else ""
        rows.append(row(f"c{n}", parent, n, up=str(n % 5), down=str(n % 2)))
    dice.shuffle(rows)
    return rows


def comments(app: Flask) -> dict[str, Comment]:
    with app.app_context():
        found = db.session.execute(
            db.select(CommentOrigin, Comment).join(Comment, Comment.id == CommentOrigin.comment_id)
        )
        return {origin.external_id: comment for origin, comment in found.unique()}


def test_a_tree_of_592_comes_in_once_and_reads_in_few_queries(
    app: Flask, there: world.World, tmp_path: Path, client: Client, record_property: Callable[[str, str], None]
) -> None:
    file = file_of(tmp_path, tree())
    assert "592 rows: 592 imported, 0 known before, 0 left out." in import_comments(app, file, there.idea).output
    assert "592 rows: 0 imported, 592 known before, 0 left out." in import_comments(app, file, there.idea).output
    assert "0 differences" in run(app, "recount").output
    found = comments(app)
    assert len(found) == 597
    assert sum(comment.state == "deleted" for comment in found.values()) == 5
    deepest, depth = found[f"k{DEEP}"], 0
    ids = {comment.id: comment for comment in found.values()}
    while deepest.parent_id:
        deepest, depth = ids[deepest.parent_id], depth + 1
    assert depth == DEEP
    page = client.page(f"/ideas/{there.idea}")
    short = client.page(f"/ideas/{there.promoted_idea}").path
    before, queries = (counted(app, lambda: client.get(path)) for path in (short, page.path))  # noqa: B023
    assert len(page.select(".comment")) <= THREADS * (1 + FIRST_REPLIES)
    assert "Dieser Kommentar wurde entfernt." in client.page(f"/comments/{found['gone0'].id}/thread")
    start = found["k0"].id
    thread = client.page(f"/comments/{start}/thread")
    assert len(thread.select(".comment")) == DEEP + 1
    assert counted(app, lambda: client.get(f"/comments/{start}/thread")) == 8
    size = len(client.get(page.path).data)
    record_property("figures", f"{queries} statements, {size // 1024} kB; a page with one comment: {before}")
    assert queries <= 9
    assert size < 300_000


def test_indent_stops_and_deep_replies_say_to_whom_they_answer(
    app: Flask, there: world.World, tmp_path: Path, client: Client
) -> None:
    import_comments(app, file_of(tmp_path, tree()), there.idea)
    found = comments(app)
    thread = client.page(f"/comments/{found['k0'].id}/thread")
    levels = [re.sub(r"\D", "", element.get("class")) for element in thread.select(".comment")]
    assert levels == ["", "1", "2", "3", "4", *["5"] * 20]
    whom = thread.texts(".whom")
    assert whom[0] == "Antwort auf Name k3"
    assert len(whom) == DEEP - 3


def test_every_comment_has_an_address_that_leads_to_a_page_that_shows_it(
    app: Flask, there: world.World, tmp_path: Path, client: Client
) -> None:
    import_comments(app, file_of(tmp_path, tree()), there.idea)
    found = comments(app)
    for key in ("k0", "k9", "k24", "c300", "c591", "o3"):
        comment_id = found[key].id
        location = client.get(f"/comments/{comment_id}").location
        assert location.endswith(f"#comment-{comment_id}")
        assert client.page(location.partition("#")[0]).select(f"#comment-{comment_id}")
    assert client.get(f"/comments/{found['gone0'].id}").status_code == 410
    assert client.get(f"/comments/{found['k3'].id}/thread").status_code == 404


def test_a_thread_longer_than_a_page_has_pages(app: Flask, there: world.World, tmp_path: Path, client: Client) -> None:
    rows = [row("a"), *(row(f"r{n}", f"r{n - 1}" if n > 1 and n % 3 else "a", n) for n in range(1, REPLIES + 31))]
    import_comments(app, file_of(tmp_path, rows), there.idea)
    found = comments(app)
    start = found["a"].id
    first, second = (client.page(f"/comments/{start}/thread?page={n}") for n in (1, 2))
    assert len(first.select(".comment")) == REPLIES + 1
    assert len(second.select(".comment")) == 31
    assert "Seite 2 von 2" in second
    assert first.click("Weitere Antworten").texts(".comment")[1] == second.texts(".comment")[1]
    last = found[f"r{REPLIES + 30}"].id
    assert client.get(f"/comments/{last}").location == f"/comments/{start}/thread?page=2#comment-{last}"
    for odd in ("0", "99", "x", "-1", "9" * 30):
        assert client.get(f"/comments/{start}/thread?page={odd}").status_code == 200
    assert f"Noch {REPLIES + 30 - FIRST_REPLIES} Antworten" in client.page(f"/ideas/{there.idea}")


def test_a_reply_deep_in_a_thread_leads_to_where_it_stands(
    app: Flask, there: world.World, cast: Cast, signed_in: Callable[..., Client], tmp_path: Path
) -> None:
    import_comments(app, file_of(tmp_path, tree()), there.idea)
    found = comments(app)
    anton = signed_in(cast.anton)
    forms = anton.page(f"/comments/{found['k0'].id}/thread").form(f"/subjects/{there.idea}/comments")
    answer = forms.fill(body="Das sehe ich auch so.").force(parent=str(found["k24"].id)).submit()
    assert answer.path == f"/comments/{found['k0'].id}/thread"
    assert "Das sehe ich auch so." in answer


def test_circles_are_opened_and_reported_and_no_word_is_lost(app: Flask, there: world.World, tmp_path: Path) -> None:
    rows = [row("a", "c", 3), row("b", "a", 2), row("c", "b", 1), row("s", "s", 4), row("t", "a", 5)]
    done = import_comments(app, file_of(tmp_path, rows), there.idea)
    assert "5 rows: 5 imported" in done.output
    assert "row 4: parent_id: Diese Kommentare antworten im Kreis" in done.output
    assert "row 5: parent_id: Der Kommentar antwortet auf sich selbst." in done.output
    found = comments(app)
    assert found["c"].parent_id is None
    assert found["s"].parent_id is None
    assert found["t"].thread_id == found["c"].id


def test_a_missing_parent_that_comes_later_takes_its_place(app: Flask, there: world.World, tmp_path: Path) -> None:
    import_comments(app, file_of(tmp_path, [row("child", "late", 5), row("grandchild", "child", 6)]), there.idea)
    place = comments(app)["late"]
    assert (place.state, place.body) == ("deleted", "")
    import_comments(app, file_of(tmp_path, [row("late", "first", 2), row("first", "", 1)]), there.idea)
    found = comments(app)
    assert (found["late"].id, found["late"].state, found["late"].body) == (place.id, "published", "Text late")
    assert {found[key].thread_id for key in ("late", "child", "grandchild")} == {found["first"].id}
    assert "0 differences" in run(app, "recount").output


BAD = [
    ({"text": " "}, "text"),
    ({"id": ""}, "id"),
    ({"created_at": "morgen"}, "created_at"),
    ({"text": "x\0"}, "text"),
]


@pytest.mark.parametrize(("cells", "column"), BAD)
def test_a_bad_comment_is_left_out_and_its_replies_hang_under_a_removed_one(
    app: Flask, there: world.World, tmp_path: Path, cells: dict[str, str], column: str
) -> None:
    done = import_comments(app, file_of(tmp_path, [row("a") | cells, row("b", "a", 1)]), there.idea)
    assert "2 rows: 1 imported, 0 known before, 1 left out." in done.output
    assert f"row 2: {column}: " in done.output
    found = comments(app)
    assert found["a"].state == "deleted"
    assert found["b"].thread_id == found["a"].id


def test_comments_find_their_subject_or_say_so(app: Flask, there: world.World, cast: Cast, tmp_path: Path) -> None:
    file = file_of(tmp_path, [row("a")])
    for wrong in ("0", "99999", "x", cast.anton.id):
        assert "Error" in import_comments(app, file, wrong).output
    assert "1 imported" in import_comments(app, file, there.challenge).output


def test_votes_are_brought_along_and_shown_apart(
    app: Flask, there: world.World, tmp_path: Path, client: Client
) -> None:
    import_comments(app, file_of(tmp_path, [row("a", up="17", down="3"), row("b", up="-1")]), there.idea)
    assert "dort 17 dafür, 3 dagegen" in client.page(f"/ideas/{there.idea}")


def test_ids_that_begin_anew_under_each_page_are_different_comments(
    app: Flask, there: world.World, tmp_path: Path
) -> None:
    file = file_of(tmp_path, [row("1"), row("2", "1", 1)])
    for subject in (there.idea, there.challenge):
        assert "2 rows: 2 imported, 0 known before" in import_comments(app, file, subject).output
        assert "0 imported, 2 known before" in import_comments(app, file, subject).output
    with app.app_context():
        found = db.session.execute(
            db.select(Comment.subject_id, Comment.parent_id.is_not(None)).join(
                CommentOrigin, CommentOrigin.comment_id == Comment.id
            )
        )
        expected = {(subject, is_reply) for subject in (there.idea, there.challenge) for is_reply in (False, True)}
        assert {(subject, bool(is_reply)) for subject, is_reply in found} == expected
