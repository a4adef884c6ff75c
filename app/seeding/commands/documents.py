"""What the search finds of a seed's ideas.

`ideas.commands.index` looks for words in a text and for the stem of each. Here both are known before the text is put
together (`words`), which takes a tenth of the time; a test has everything indexed anew and finds the same.
"""

from collections.abc import Mapping
from typing import Any

from app.kit.bulk import insert_rows
from app.kit.clauses import tag
from app.kit.db import command
from app.kit.textindex import FORMAT, Document
from app.seeding.commands.words import IdeaWords
from app.topics.queries import topic_tags

NAMES = ("subject_id", "kind", "title", "body", "at", "tags", "heading", "slug", "shown", "format")


@command
def write_documents(
    rows: list[tuple[Mapping[str, Any], IdeaWords]], place_tags: Mapping[int | None, list[str]]
) -> None:
    """Make these ideas findable; none of them is yet, and every word of them was learnt (`vocabulary.learn`)."""
    insert_rows(Document, NAMES, [_document(row, said, place_tags[row["place_id"]]) for row, said in rows])


def _document(row: Mapping[str, Any], said: IdeaWords, place_tags: list[str]) -> tuple[Any, ...]:
    tags = [tag("kind", "idea"), *topic_tags(row["topic_id"]), *place_tags]
    tags += [tag("challenge", row["challenge_id"])] if row["challenge_id"] else []
    shown = f"{said.summary} {said.problem} {said.solution} {said.benefit}"
    found = (said.title_stems, said.text_stems, row["published_at"], " ".join(tags))
    return row["id"], "idea", *found, said.title, row["slug"], shown, FORMAT
