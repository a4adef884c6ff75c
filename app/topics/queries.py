"""Reading topics."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from app.kit.clauses import tag
from app.kit.db import db
from app.kit.filters import Group, Option
from app.kit.i18n import gettext as _
from app.kit.i18n import lazy_gettext as _l
from app.topics.models import Topic

# The short names of the Sustainable Development Goals (UN resolution A/RES/70/1), as the German government writes them.
GOALS = {
    1: _l("Keine Armut"),
    2: _l("Kein Hunger"),
    3: _l("Gesundheit und Wohlergehen"),
    4: _l("Hochwertige Bildung"),
    5: _l("Geschlechtergleichheit"),
    6: _l("Sauberes Wasser und Sanitäreinrichtungen"),
    7: _l("Bezahlbare und saubere Energie"),
    8: _l("Menschenwürdige Arbeit und Wirtschaftswachstum"),
    9: _l("Industrie, Innovation und Infrastruktur"),
    10: _l("Weniger Ungleichheiten"),
    11: _l("Nachhaltige Städte und Gemeinden"),
    12: _l("Nachhaltiger Konsum und nachhaltige Produktion"),
    13: _l("Maßnahmen zum Klimaschutz"),
    14: _l("Leben unter Wasser"),
    15: _l("Leben an Land"),
    16: _l("Frieden, Gerechtigkeit und starke Institutionen"),
    17: _l("Partnerschaften zur Erreichung der Ziele"),
}


def all_topics() -> Sequence[Topic]:
    """Every topic, in the order of their positions."""
    return db.session.scalars(select(Topic).order_by(Topic.position, Topic.id)).all()


def topic_by_key(key: str) -> Topic | None:
    """The topic with this key, as addresses and data files name it ("mobility")."""
    return db.session.scalars(select(Topic).where(Topic.key == key)).one_or_none() if key else None


def topic_tags(topic_id: int | None) -> list[str]:
    """What the search filters by."""
    return [tag("topic", topic_id)] if topic_id else []


class TopicName(NamedTuple):
    """What a filter shows of a topic, its name in the reader's language; lighter than the topic itself."""

    id: int
    key: str
    name: str
    hue: int

    @classmethod
    def of(cls, id_: int, key: str, own_name: str, hue: int) -> "TopicName":
        """With its name as the catalogues know it, else as it was written."""
        return cls(id_, key, str(_(own_name)) if own_name else "", hue)


def topic_names() -> list[TopicName]:
    """Every topic's name, in the order of their positions."""
    rows = db.session.execute(select(Topic.id, Topic.key, Topic.own_name, Topic.hue).order_by(Topic.position, Topic.id))
    return [TopicName.of(*row) for row in rows]


def topic_among(topics: Sequence[TopicName], key: str | None) -> TopicName | None:
    """The topic an address names."""
    return next((topic for topic in topics if topic.key == key), None)


def topic_select(topics: Sequence[TopicName], selected: TopicName | None) -> Group:
    """Topics as a select of a search."""
    options = [Option(topic.key, topic.name, topic == selected) for topic in topics]
    return Group("topic", _("Handlungsfeld"), [Option("", _("Alle Handlungsfelder"), selected is None), *options])


def topic_group(topics: Sequence[TopicName], selected: TopicName | None) -> Group:
    """Topics as a filter of a list."""
    options = [Option(topic.key, topic.name, topic == selected, topic.hue) for topic in topics]
    return Group("topic", _("Nach Handlungsfeld"), [Option("", _("Alle Handlungsfelder"), selected is None), *options])
