"""Reading topics."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from app.kit.db import db
from app.kit.filters import Group, Option
from app.kit.textindex import tag
from app.topics.models import Topic


def all_topics() -> Sequence[Topic]:
    """Every topic, in the order of their positions."""
    return db.session.scalars(select(Topic).order_by(Topic.position, Topic.id)).all()


def topic_by_key(key: str) -> Topic | None:
    """The topic with this key, as addresses and data files name it ("mobility")."""
    return db.session.scalars(select(Topic).where(Topic.key == key)).one_or_none() if key else None


def topic_tags(topic_id: int | None) -> list[str]:
    """What the search filters by."""
    return [tag("topic", topic_id)] if topic_id else []


@dataclass(frozen=True, slots=True)
class TopicName:
    """What a filter shows of a topic, its name in the reader's language; lighter than the topic itself."""

    id: int
    key: str
    name: str
    hue: int


def topic_names() -> list[TopicName]:
    """Every topic's name, in the order of their positions."""
    rows = db.session.execute(select(Topic.id, Topic.key, Topic.own_name, Topic.hue).order_by(Topic.position, Topic.id))
    return [TopicName(row.id, row.key, str(_(row.own_name)) if row.own_name else "", row.hue) for row in rows]


def topic_select(topics: Sequence[TopicName], selected: TopicName | None) -> Group:
    """Topics as a select of a search."""
    options = [Option(topic.key, topic.name, topic == selected) for topic in topics]
    return Group("topic", _("Handlungsfeld"), [Option("", _("Alle Handlungsfelder"), selected is None), *options])


def topic_group(selected: Topic | None) -> Group:
    """The topics as a filter of a list."""
    options = [Option(topic.key, topic.name, topic == selected, topic.hue) for topic in all_topics()]
    return Group("topic", _("Nach Handlungsfeld"), [Option("", _("Alle Handlungsfelder"), selected is None), *options])
