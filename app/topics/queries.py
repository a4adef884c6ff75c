"""Reading topics."""

from collections.abc import Sequence

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


def topic_select(topics: Sequence[Topic], selected: Topic | None) -> Group:
    """Topics as a select of a search."""
    options = [Option(topic.key, topic.name, topic == selected) for topic in topics]
    return Group("topic", _("Handlungsfeld"), [Option("", _("Alle Handlungsfelder"), selected is None), *options])


def topic_group(selected: Topic | None) -> Group:
    """The topics as a filter of a list."""
    options = [Option(topic.key, topic.name, topic == selected, topic.hue) for topic in all_topics()]
    return Group("topic", _("Nach Handlungsfeld"), [Option("", _("Alle Handlungsfelder"), selected is None), *options])
