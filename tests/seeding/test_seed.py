"""Invented crowds: alike each time, complete, gone on with after a kill, found by everything that reads ideas."""

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select, text

from app.accounts.models import User
from app.comments.models import Comment
from app.ideas.models import Idea
from app.kit import bulk
from app.kit.base import Base
from app.kit.db import db, unit_of_work
from app.kit.textindex import Document
from app.kit.vocabulary import Word
from app.seeding.cli import seed
from app.seeding.commands import run as steps
from app.subjects.indexing import reindex
from app.voting.models import Support
from tests.client import Client
from tests.people import Cast

NUMBERS = {"ideas": 120, "people": 60, "supports": 900, "comments": 300}
WORDS = [word for name, number in NUMBERS.items() for word in (f"--{name}", str(number))]
TABLES = ("users", "organisations", "challenges", "ideas", "supports", "comments", "documents", "activities", "follows")
TOLD_OF_OTHERS = "'seed_began', 'seed_finished'"


def run(app: Flask, *words: str, command: str = "seed") -> Result:
    return app.test_cli_runner().invoke(args=[command, *words], catch_exceptions=False)


def rows_of(app: Flask, table: str) -> list[Any]:
    """All rows; what says when the seed itself was made, left out."""
    where = f" WHERE name NOT IN ({TOLD_OF_OTHERS})" if table == "activities" else ""
    with app.app_context(), unit_of_work(writes=False):
        names = [column.name for column in Base.metadata.tables[table].columns]
        found = db.session.execute(text(f"SELECT {', '.join(names)} FROM {table}{where}"))
        return sorted(map(str, found))


def counted(app: Flask, model: Any) -> int:
    with app.app_context(), unit_of_work(writes=False):
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_there_is_as_much_as_was_asked_for_and_every_counter_is_right(app: Flask) -> None:
    result = run(app, *WORDS)
    assert result.exit_code == 0, result.output
    found = [counted(app, model) for model in (Idea, User, Support, Comment)]
    assert found == list(NUMBERS.values())
    assert run(app, command="recount").output.endswith("0 differences\n")


def test_few_ideas_have_most_supports_and_few_people_write_most(app: Flask) -> None:
    run(app, *WORDS)
    with app.app_context(), unit_of_work(writes=False):
        supports = sorted(db.session.scalars(select(Idea.supporters_count)), reverse=True)
        written = select(func.count()).select_from(Idea).group_by(Idea.author_id)
        ideas = sorted(db.session.scalars(written), reverse=True)
    assert sum(supports[:24]) > 0.35 * sum(supports)
    assert sum(ideas[:12]) > 0.35 * sum(ideas)


def test_the_same_numbers_give_the_same_content(make_app: Callable[..., Flask], databases: Any) -> None:
    one, other = (make_app(DATABASE_URL=databases.copy(name)) for name in ("one", "other"))
    for app in (one, other):
        run(app, *WORDS)
    for table in TABLES:
        assert rows_of(one, table) == rows_of(other, table), table


def test_one_that_was_killed_goes_on_where_it_was(
    make_app: Callable[..., Flask], databases: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, size in (("PEOPLE", 25), ("SUPPORTS", 100), ("COMMENTS", 40), ("COUNTED", 50), ("BLOCKS", 2)):
        monkeypatch.setattr(steps, name, size)
    monkeypatch.setattr("app.seeding.commands.ideas.BLOCK", 20)
    whole, broken = (make_app(DATABASE_URL=databases.copy(name)) for name in ("one", "other"))
    run(whole, *WORDS)
    ended = end_after_every_batch(broken)
    assert ended > 20
    assert run(broken, *WORDS).output == "All of it is there already.\n"
    for table in TABLES:
        assert rows_of(whole, table) == rows_of(broken, table), table
    for app in (whole, broken):
        assert run(app, command="recount").output == "0 differences\n"


def end_after_every_batch(app: Flask) -> int:
    """Kill it at each sign of progress that is new, and begin again; how often it took."""
    seen = set()

    def kill(step: str, done: int, total: int) -> None:
        if (step, done) not in seen:
            seen.add((step, done))
            raise KeyboardInterrupt

    for times in range(300):
        try:
            with app.app_context():
                steps.seed(NUMBERS | {"key": 1}, kill)
        except KeyboardInterrupt:
            continue
        return times
    raise AssertionError("it came to no end")


def test_a_finished_one_is_left_alone_and_another_one_may_follow_if_that_is_said(app: Flask) -> None:
    run(app, *WORDS)
    assert run(app, *WORDS).output == "All of it is there already.\n"
    refused = run(app, *WORDS, "--seed", "2")
    assert (refused.exit_code, counted(app, Idea)) == (1, NUMBERS["ideas"])
    assert "A seed with ideas 120, people 60, supports 900, comments 300, key 1 is here" in refused.output
    assert run(app, *WORDS, "--seed", "2", "--beside-content").exit_code == 0
    assert counted(app, Idea) == 2 * NUMBERS["ideas"]
    assert run(app, command="recount").output == "0 differences\n"


def test_no_other_one_begins_before_one_is_finished(app: Flask) -> None:
    def kill(step: str, done: int, total: int) -> None:
        raise KeyboardInterrupt

    with app.app_context(), pytest.raises(KeyboardInterrupt):
        steps.seed(NUMBERS | {"key": 1}, kill)
    refused = run(app, *WORDS, "--seed", "2")
    assert refused.exit_code == 1
    assert "A seed with ideas 120" in refused.output


def test_every_index_is_there_again(app: Flask) -> None:
    def indexes() -> dict[str, str]:
        with app.app_context(), unit_of_work(writes=False):
            return bulk.index_definitions([model.__tablename__ for model in steps.LEFT_OUT])

    before = indexes()
    run(app, *WORDS)
    assert indexes() == before
    assert len(before) > 50


def test_the_search_finds_the_same_as_if_everything_were_indexed_anew(app: Flask) -> None:
    run(app, *WORDS)
    documents, words = rows_of(app, "documents"), known_words(app)
    with app.app_context():
        reindex()
    assert rows_of(app, "documents") == documents
    assert known_words(app) == words


def known_words(app: Flask) -> list[Any]:
    with app.app_context(), unit_of_work(writes=False):
        rows = select(Word.word, Word.documents).where(Word.documents > 0).order_by(Word.word)
        return [tuple(row) for row in db.session.execute(rows)]


def test_every_kind_of_page_works_on_it(app: Flask, client: Client) -> None:
    run(app, *WORDS)
    with app.app_context(), unit_of_work(writes=False):
        title = db.session.scalars(select(Idea.title).order_by(Idea.comments_count.desc()).limit(1)).one()
    word = title.replace(":", "").split()[0]
    for address in ("/", "/ideas", "/ideas?sort=fair", "/ideas?view=map", "/challenges", "/organisations", "/activity"):
        assert client.get(address).status_code == 200, address
    found = client.get("/ideas", query_string={"q": word}).text
    assert title.split()[0] in found
    assert client.get("/search", query_string={"q": word}).status_code == 200
    assert client.get("/ideas/similar", query_string={"title": title}).status_code == 200
    assert client.get("/ideas/map.json").get_json()["ideas"]


def test_a_supporter_is_counted_once_for_each_idea_however_many_supports_there_are(app: Flask) -> None:
    assert run(app, "--ideas", "10", "--people", "5", "--supports", "50", "--comments", "0").exit_code == 0
    assert counted(app, Support) == 50
    with app.app_context(), unit_of_work(writes=False):
        assert set(db.session.scalars(select(Idea.supporters_count))) == {5}


def test_more_supports_than_people_can_give_are_refused(app: Flask) -> None:
    refused = run(app, "--ideas", "10", "--people", "5", "--supports", "51", "--comments", "0")
    assert refused.exit_code == 1
    assert "51 supports do not fit: 5 people can support 10 ideas each." in refused.output
    assert counted(app, Idea) == 0


def test_content_of_others_is_left_alone_unless_that_is_said(app: Flask, cast: Cast) -> None:
    people = counted(app, User)
    refused = run(app, *WORDS)
    assert (refused.exit_code, counted(app, User), counted(app, Idea)) == (1, people, 0)
    assert "There is content already" in refused.output
    assert run(app, *WORDS, "--beside-content").exit_code == 0
    assert counted(app, User) == people + NUMBERS["people"]
    assert run(app, *WORDS).output == "All of it is there already.\n"


def test_without_tables_it_says_what_makes_them(make_app: Callable[..., Flask], tmp_path: Any) -> None:
    refused = run(make_app(DATABASE_URL=f"sqlite:///{tmp_path / 'empty.sqlite'}"), *WORDS)
    assert refused.exit_code == 1
    assert refused.output == "Error: There are no tables yet: run `flask init` first.\n"


def test_every_option_is_explained() -> None:
    assert [option.name for option in seed.params if not getattr(option, "help", None)] == []


def test_production_refuses(make_app: Callable[..., Flask], tmp_path: Any) -> None:
    app = make_app(
        ENVIRONMENT="production",
        SECRET_KEY="x" * 40,
        DATA_DIR=str(tmp_path),
        BASE_URL="https://example.org",
        MAIL_FROM="info@example.org",
    )
    refused = run(app, *WORDS)
    assert refused.exit_code == 1
    assert "not for production" in refused.output


def test_what_is_written_afterwards_gets_an_id_of_its_own(app: Flask) -> None:
    run(app, *WORDS)
    with app.app_context(), unit_of_work():
        top = db.session.scalar(text("SELECT max(id) FROM subjects"))
        insert = "INSERT INTO subjects (kind) VALUES ('idea') RETURNING id"
        assert db.session.scalar(text(insert)) > top


def test_only_public_ideas_have_documents(app: Flask) -> None:
    run(app, *WORDS)
    with app.app_context(), unit_of_work(writes=False):
        found = set(db.session.scalars(select(Document.subject_id).where(Document.kind == "idea")))
        public = set(db.session.scalars(select(Idea.id).where(Idea.state == "published")))
    assert found == public
    assert len(public) < NUMBERS["ideas"]
