"""Topics are data: loaded in order, loaded again without harm."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from app.kit.db import unit_of_work
from app.topics import commands, queries

HUES = {10, 40, 65, 95, 150, 200, 230, 260, 285, 330}


@pytest.fixture(autouse=True)
def topics(app: Flask) -> Iterator[None]:
    """An application whose database knows the topics, within a unit of work."""
    with app.app_context(), unit_of_work():
        commands.load_topics()
        yield


def test_every_topic_has_a_hue_of_its_own_that_the_covers_know() -> None:
    topics = queries.all_topics()
    assert sorted(topic.hue for topic in topics) == sorted(HUES)
    assert [topic.position for topic in topics] == list(range(1, 11))
    assert topics[0].name == "Mobilität"


def test_every_topic_serves_goals_of_the_united_nations() -> None:
    assert all(topic.sdgs and set(topic.sdgs) <= set(range(1, 18)) for topic in queries.all_topics())


def test_loading_twice_changes_nothing() -> None:
    before = [topic.id for topic in queries.all_topics()]
    assert commands.load_topics() == 0
    assert [topic.id for topic in queries.all_topics()] == before


def test_loading_again_brings_a_changed_name(tmp_path: Path) -> None:
    file = tmp_path / "topics.csv"
    file.write_text("key,name,hue,sdgs\nmobility,Unterwegs,230,11\n", encoding="utf-8")
    assert commands.load_topics(file) == 0
    assert queries.topic_by_key("mobility").name == "Unterwegs"


def test_an_unknown_key_is_no_topic() -> None:
    assert queries.topic_by_key("nothing") is None
