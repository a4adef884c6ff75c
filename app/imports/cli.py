"""Commands for operators: `flask import ideas`, `flask import comments`, `flask export ideas`."""

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from app.imports.commands import runs, work
from app.imports.forms.cells import Problem
from app.imports.forms.columns import TOPIC_COLUMNS
from app.imports.models import RunKind
from app.imports.queries import export
from app.imports.queries import runs as queries
from app.kit import jobs, table_files, tables
from app.kit.actor import SYSTEM
from app.kit.db import unit_of_work
from app.kit.errors import DomainError
from app.kit.tables import TableError
from app.kit.web import settings

imports = AppGroup("import", help="Bring content along from other platforms.")
exports = AppGroup("export", help="Give content away as tables.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SOURCE = click.option("--source", default="", help="Name of where it comes from; by default the file's name.")
DRY = click.option("--dry-run", is_flag=True, help="Write nothing; say what would happen.")


@imports.command("ideas")
@click.argument("file", type=FILE)
@click.option("--challenge", "challenge_name", required=True, help="Id or slug of the challenge they answer.")
@click.option("--topics", type=FILE, help="Table with the columns category and topic (its key).")
@SOURCE
@DRY
@with_appcontext
def import_ideas(file: Path, challenge_name: str, topics: Path | None, source: str, dry_run: bool) -> None:
    """Bring ideas along from CSV, XLSX or JSON lines; what was brought before is left as it is."""
    _run(RunKind.IDEAS, file, challenge_name, source or file.stem, topics, dry_run=dry_run)


@imports.command("comments")
@click.argument("file", type=FILE)
@click.option("--subject", required=True, help="Id of what they are about.")
@SOURCE
@DRY
@with_appcontext
def import_comments(file: Path, subject: str, source: str, dry_run: bool) -> None:
    """Bring comments along, with their replies; what was brought before is left as it is."""
    _run(RunKind.COMMENTS, file, subject, source or file.stem, None, dry_run=dry_run)


@exports.command("ideas")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path, allow_dash=True), default="-")
@click.option("--challenge", "challenge_name", default="", help="Id or slug: only the ideas that answer it.")
@click.option(
    "--format", "kind", type=click.Choice(table_files.FORMATS), help="By default the file's ending, else csv."
)
@click.option("--columns", default=",".join(export.COLUMNS), help="Names of columns, in their order, with commas.")
@click.option("--all", "hidden_too", is_flag=True, help="Also what is not public.")
@with_appcontext
def export_ideas(file: Path, challenge_name: str, kind: str | None, columns: str, hidden_too: bool) -> None:
    """Write ideas to FILE (or standard output) with the columns an import reads."""
    names = [name.strip() for name in columns.split(",")]
    if unknown := set(names) - set(export.COLUMNS):
        raise click.ClickException(f"There is no column {', '.join(sorted(unknown))}.")
    kind = kind or (file.suffix.removeprefix(".") if file.suffix.removeprefix(".") in table_files.FORMATS else "csv")
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    with jobs.outside(app), unit_of_work(writes=False):
        challenge = _target(RunKind.IDEAS, challenge_name).id if challenge_name else None
        own = settings()
        rows = export.idea_rows(
            zone=ZoneInfo(own.timezone), base_url=own.base_url, challenge_id=challenge, hidden_too=hidden_too
        )
        _write(file, table_files.write(rows, names, kind))


def _write(file: Path, pieces: Iterable[bytes]) -> None:
    try:
        with click.open_file(str(file), "wb") as out:
            for piece in pieces:
                out.write(piece)
    except (OSError, ValueError) as error:
        words = error.strerror if isinstance(error, OSError) else error
        raise click.ClickException(f"{file} cannot be written: {words}.") from error


def _run(kind: str, file: Path, target_name: str, source: str, topics: Path | None, *, dry_run: bool) -> None:
    plan, ignored = _read(file, kind, source)
    with unit_of_work(writes=False):
        target_id = _target(kind, target_name).id
        mapping = queries.suggested_topics(plan.categories, source) | _topics(topics)
        before = queries.known_before(plan, target_id, source)
    _tell_categories(plan, mapping, ignored)
    if dry_run:
        _report(plan.rows, len(plan.items) - before, before, plan.left_out, plan.problems, "would be imported")
        return
    with unit_of_work():
        run = runs.open_run(kind, target_id, system=source, file_name=file.name, by=SYSTEM)
        run_id = run.id
        runs.note_look(run_id, plan, ignored)
        runs.begin(run, mapping, by=SYSTEM)
    work.bring_all(run_id, plan, _progress(len(plan.items)))
    with unit_of_work(writes=False):
        run = queries.run_for(SYSTEM, run_id)
        problems = [Problem(p.row, p.column, p.in_words, p.is_left_out) for p in queries.problems_of(run_id, None)]
        counts = run.total, run.brought, run.known, run.left_out
    _report(*counts, problems, "imported")


def _read(file: Path, kind: str, source: str) -> tuple[queries.Plan, list[str]]:
    most = settings().max_upload_mb
    if file.stat().st_size > most * 1024 * 1024:
        raise click.ClickException(f"{file.name} is larger than {most} MB (MAX_UPLOAD_MB).")
    try:
        return work.read(file.read_bytes(), file.name, kind, source)
    except TableError as error:
        raise click.ClickException(f"{file.name}: {error}") from error


def _target(kind: str, name: str) -> Any:
    try:
        return queries.target_of(SYSTEM, kind, name)
    except DomainError as error:
        raise click.ClickException(str(error.message) or f"There is nothing with the number {name}.") from error


def _topics(file: Path | None) -> dict[str, str]:
    """The topics' keys of a table an operator wrote."""
    if file is None:
        return {}
    try:
        rows = list(tables.read(file.read_bytes(), file.name, TOPIC_COLUMNS, required=tuple(TOPIC_COLUMNS)).rows)
    except TableError as error:
        raise click.ClickException(f"{file.name}: {error}") from error
    if bad := next((row for row in rows if row.error), None):
        raise click.ClickException(f"{file.name}: row {bad.number}: {bad.error}")
    pairs = ((row.values.get("category", "").strip(), row.values.get("topic", "").strip()) for row in rows)
    mapping = {category: topic for category, topic in pairs if category}
    if unknown := sorted(set(mapping.values()) - {"", *queries.topic_ids()}):
        raise click.ClickException(f"{file.name}: there is no topic {', '.join(unknown)}.")
    return mapping


def _tell_categories(plan: queries.Plan, mapping: dict[str, str], ignored: Iterable[str]) -> None:
    if plan.categories:
        click.echo("category -> topic", err=True)
    for category, count in plan.categories.most_common():
        click.echo(f"  {category} ({count}) -> {mapping.get(category) or 'as the challenge'}", err=True)
    if names := ", ".join(ignored):
        click.echo(f"columns not read: {names}", err=True)


def _progress(total: int) -> Callable[[int], None]:
    def tell(done: int) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{done} of {total}{chr(10) if done >= total else ''}", err=True, nl=False)

    return tell


def _report(total: int, brought: int, known: int, left_out: int, problems: Iterable[Problem], verb: str) -> None:
    click.echo(f"{total} rows: {brought} {verb}, {known} known before, {left_out} left out.")
    for line in _lines(problems):
        click.echo(line, err=True)
    if left_out:
        raise SystemExit(1)


def _lines(problems: Iterable[Problem]) -> Iterator[str]:
    for problem in sorted(problems, key=lambda p: p.row):
        column = f" {problem.column}:" if problem.column else ""
        yield f"row {problem.row}:{column} {problem.words}"
