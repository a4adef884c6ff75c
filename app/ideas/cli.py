"""Commands for operators: `flask import ideas FILE --challenge ID|SLUG`."""

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from flask.cli import with_appcontext

from app.challenges.models import Challenge
from app.challenges.queries import challenge_named
from app.ideas import commands, queries
from app.kit.db import unit_of_work
from app.kit.text import excerpt
from app.kit.web import settings

REQUIRED = ("external_id", "title", "text")
LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class Row:
    """A row that can be imported."""

    external_id: str
    title: str
    text: str
    category: str
    created_at: datetime
    source_url: str


class RowError(Exception):
    """Why a row is left out, in words."""


@click.command("ideas")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--challenge", "challenge_name", required=True, help="Id or slug of the challenge they answer.")
@click.option("--source", default="", help="Name of where they come from; by default the file's name.")
@with_appcontext
def import_ideas(file: Path, challenge_name: str, source: str) -> None:
    """Bring ideas along from a UTF-8 CSV file; what was brought before is left as it is.

    Columns: external_id, title, text; optional: category, created_at (ISO 8601), source_url.
    """
    rows = _read(file)
    with unit_of_work():
        challenge = challenge_named(challenge_name)
        if challenge is None:
            raise click.ClickException(f"There is no challenge {challenge_name}.")
        brought, known, wrong = _bring(rows, challenge, source or file.stem)
    click.echo(f"{len(rows)} rows: {brought} imported, {known} known before, {wrong} left out.")
    if wrong:
        raise SystemExit(1)


def _bring(rows: list[tuple[int, dict[str, str]]], challenge: Challenge, system: str) -> tuple[int, int, int]:
    seen = set(queries.imported(system))
    brought = known = wrong = 0
    for number, raw in rows:
        try:
            row = _parse(raw)
        except RowError as error:
            wrong += 1
            click.echo(f"row {number}: {error}", err=True)
            continue
        if row.external_id in seen:
            known += 1
            continue
        seen.add(row.external_id)
        _bring_one(row, challenge, system)
        brought += 1
    return brought, known, wrong


def _bring_one(row: Row, challenge: Challenge, system: str) -> None:
    text = commands.IdeaText(
        title=row.title,
        problem=row.text,
        summary=excerpt(row.text),
        challenge_id=challenge.id,
        topic_id=challenge.topic_id,
        place_id=challenge.place_id,
    )
    origin = commands.Origin(system=system, external_id=row.external_id, url=row.source_url, category=row.category)
    commands.bring_idea(text, origin, submitted_at=row.created_at)


def _read(file: Path) -> list[tuple[int, dict[str, str]]]:
    """Rows with the number of the line each ends on; a byte order mark is ignored."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            rows = [(reader.line_num, {key: value or "" for key, value in row.items() if key}) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise click.ClickException(f"{file.name} is no UTF-8 CSV file: {error}") from error
    missing = [name for name in REQUIRED if name not in (reader.fieldnames or [])]
    if missing:
        raise click.ClickException(f"{file.name} lacks the columns {', '.join(missing)}.")
    return rows


def _parse(raw: dict[str, str]) -> Row:
    for name in ("external_id", "title"):  # a title without a text is a proposal too; real exports have some
        if not raw[name].strip():
            raise RowError(f"{name} is empty")
    if len(raw["title"]) > LONGEST_TITLE:
        raise RowError(f"title has more than {LONGEST_TITLE} characters")
    if any("\0" in value for value in raw.values()):
        raise RowError("contains a NUL character")
    url = raw.get("source_url", "").strip()
    if url and not url.startswith(("https://", "http://")):
        raise RowError("source_url is no web address")
    category, moment = raw.get("category", "").strip(), _moment(raw.get("created_at", ""))
    return Row(raw["external_id"].strip(), raw["title"].strip(), raw["text"], category, moment, url)


def _moment(text: str) -> datetime:
    if not text.strip():
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise RowError("created_at is no date like 2027-03-12T14:30:00+01:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(settings().timezone))
