"""Bringing the topics into the database."""

import csv
from pathlib import Path

from sqlalchemy import select

from app.kit.db import command, db
from app.subjects.commands import new_subject
from app.topics.models import Topic

TOPICS = Path(__file__).parent / "data" / "topics.csv"


@command
def load_topics(file: Path = TOPICS) -> int:
    """Insert the topics of a CSV file and update those already known by their key; none is ever removed.

    Args:
        file: UTF-8 with the columns key, name, hue (degrees) and sdgs (numbers, separated by spaces), in order.

    Returns:
        How many topics are new.
    """
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    known = {topic.key: topic for topic in db.session.scalars(select(Topic))}
    for position, row in enumerate(rows, start=1):
        topic = known.get(row["key"]) or Topic(id=new_subject("topic"), key=row["key"])
        topic.own_name, topic.hue, topic.position = row["name"], int(row["hue"]), position
        topic.sdgs = [int(number) for number in row["sdgs"].split()]
        db.session.add(topic)
    db.session.flush()
    return len({row["key"] for row in rows} - known.keys())
