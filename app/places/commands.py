"""Bringing the places of a region into the database."""

import csv
from pathlib import Path

from sqlalchemy import select

from app.kit.db import command, db
from app.places.models import Place, PlaceKind
from app.subjects.models import Subject

SAXONY = Path(__file__).parent / "data" / "places.csv"


@command
def load_places(file: Path = SAXONY) -> int:
    """Insert the places of a CSV file and update those already known by their AGS; none is ever removed.

    Args:
        file: UTF-8 with the columns ags, name, name_sorbian (may be empty), kind, parent_ags (empty for the state),
            lat and lon (degrees); a parent stands before its children.

    Returns:
        How many places are new.

    Raises:
        ValueError: a row has an unknown kind, or a parent that does not stand above it.
    """
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    known = {place.ags: place for place in db.session.scalars(select(Place))}
    new = _new_places([row["ags"] for row in rows if row["ags"] not in known])
    for row in rows:
        _fill(known | new, row)
    db.session.add_all(new.values())
    db.session.flush()
    return len(new)


def _new_places(keys: list[str]) -> dict[str, Place]:
    # All anchor rows in one statement: a region has hundreds of places.
    anchors = [Subject(kind="place") for _ in keys]
    db.session.add_all(anchors)
    db.session.flush()
    return {ags: Place(id=anchor.id, ags=ags) for ags, anchor in zip(keys, anchors, strict=True)}


def _fill(places: dict[str, Place], row: dict[str, str]) -> None:
    parent = places.get(row["parent_ags"])
    if row["parent_ags"] and (parent is None or parent.name is None):
        raise ValueError(f"place {row['ags']}: its parent {row['parent_ags']} does not stand above it")
    place = places[row["ags"]]
    place.name, place.name_sorbian = row["name"], row["name_sorbian"] or None
    place.kind = PlaceKind(row["kind"]).value
    place.parent_id = parent.id if parent else None
    place.lat, place.lon = float(row["lat"]), float(row["lon"])
