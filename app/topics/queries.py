"""Reading topics."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import select

from app.kit.db import db
from app.kit.filters import Group, Option
from app.topics.models import Topic


def all_topics() -> Sequence[Topic]:
    """Every topic, in the order of their positions."""
    return db.session.scalars(select(Topic).order_by(Topic.position, Topic.id)).all()


def topic_by_key(key: str) -> Topic | None:
    """The topic with this key, as addresses and data files name it ("mobility")."""
    return db.session.scalars(select(Topic).where(Topic.key == key)).one_or_none() if key else None


def topic_group(selected: Topic | None) -> Group:
    """The topics as a filter of a list."""
    options = [Option(topic.key, topic.name, topic == selected, topic.hue) for topic in all_topics()]
    return Group("topic", _("Nach Handlungsfeld"), [Option("", _("Alle Handlungsfelder"), selected is None), *options])
