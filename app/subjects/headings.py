"""What lines about many subjects say of them: titles for links, and the names of who spoke, in one statement.

Kinds that give a select of theirs (`registry.Kind.headings`) are read as plain rows; of others the things are loaded.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, String, bindparam, cast, literal_column, null, select, union_all

from app.kit.actor import GUEST, SYSTEM, Actor, is_staff
from app.kit.db import db
from app.kit.prepared import Prepared
from app.subjects import registry
from app.subjects.models import Subject


@dataclass(frozen=True, slots=True)
class Heading:
    """A subject by its title, with what its address is made of; `about_id`: what a comment is about."""

    kind: str
    id: int
    title: str
    slug: str
    about_id: int | None


def headings(
    reader: Actor, subject_ids: Collection[int], speaker_ids: Collection[int] = ()
) -> tuple[dict[int, Any], dict[int, registry.Named]]:
    """Several subjects, those the reader may see, and the names of people and organisations among the speakers.

    What is about something else comes only if the reader may see that, too: asked in another statement.
    """
    if not subject_ids and not speaker_ids:
        return {}, {}
    found: dict[int, Any] = {}
    names: dict[int, registry.Named] = {}
    others: dict[int, str] = {}
    for id_, title, slug, about_id, what in _rows(reader, subject_ids, speaker_ids):
        if what == "name":
            names[id_] = registry.name_of(title)
        elif slug is None:
            others[id_] = what
        else:
            found[id_] = Heading(what, id_, registry.titled(what, title), slug, about_id)
    found |= registry.load_known(reader, others)
    about = {one.about_id for one in found.values() if isinstance(one, Heading) and one.about_id}
    known = found | headings(reader, about - set(found))[0]
    return {id_: one for id_, one in found.items() if getattr(one, "about_id", None) in (None, *known)}, names


def _rows(reader: Actor, subject_ids: Collection[int], speaker_ids: Collection[int]) -> list[Any]:
    """What everybody may see, or staff; what is not public, and may be this reader's own, in a second statement."""
    values = {"ids": list(subject_ids), "speaker_ids": list(speaker_ids), "reader_id": reader.id or -1}
    rows = _prepared.rows(values, is_staff(reader))
    missing = set(subject_ids) - {id_ for id_, *_rest, what in rows if what != "name"}
    if reader.id and missing and not is_staff(reader):
        rows += db.session.execute(_statement(reader), values | {"ids": list(missing), "speaker_ids": []})
    return rows


def _statement(reader: Actor) -> Any:
    """Rows of (id, title, slug, about what, what): of each kind by itself, names, and kinds that are to be loaded."""
    ids: Any = bindparam("ids", expanding=True)
    speakers: Any = bindparam("speaker_ids", expanding=True)
    reader_id = bindparam("reader_id", type_=BigInteger)
    short = [kind for kind in registry.kinds() if kind.headings]
    parts = [_whole(kind.name, kind.headings(reader, ids)) for kind in short if kind.headings]
    named = (kind.names(speakers, reader_id, is_staff(reader)) for kind in registry.kinds() if kind.names)
    parts += [_whole("name", one) for one in named]
    others = select(Subject.id).where(Subject.id.in_(ids), Subject.kind.not_in([kind.name for kind in short]))
    return union_all(*parts, _whole(Subject.kind, others))


def _whole(what: Any, statement: Any) -> Any:
    """With all columns, typed so that PostgreSQL knows what stands in an empty one."""
    known = len(statement.selected_columns)
    missing = (cast(null(), kind) for kind in (BigInteger, String, String, BigInteger)[known:])
    named = literal_column(f"'{what}'") if isinstance(what, str) else what
    return statement.add_columns(*missing, named.label("what"))


_prepared = Prepared(lambda for_staff: _statement(SYSTEM if for_staff else GUEST))
