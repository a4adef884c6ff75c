"""Commands for operators: `flask places …`."""

from pathlib import Path

import click
from flask.cli import AppGroup

from app.kit.db import unit_of_work
from app.places import commands

group = AppGroup("places", help="Places: load those of a region.")


@group.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=commands.SAXONY)
def load(file: Path) -> None:
    """Add or update the places of a CSV FILE (Saxony's by default); none is removed."""
    try:
        with unit_of_work():
            click.echo(f"{commands.load_places(file)} new places")
    except (ValueError, KeyError) as error:
        raise click.ClickException(f"{file.name}: {error}") from error
