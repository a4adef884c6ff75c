"""Commands for operators: `flask topics …`."""

from pathlib import Path

import click
from flask.cli import AppGroup

from app.kit.db import unit_of_work
from app.topics import commands

group = AppGroup("topics", help="Topics: load a list of them.")


@group.command("load")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=commands.TOPICS)
def load(file: Path) -> None:
    """Add or update the topics of a CSV FILE (those shipped by default); none is removed."""
    try:
        with unit_of_work():
            click.echo(f"{commands.load_topics(file)} new topics")
    except (ValueError, KeyError) as error:
        raise click.ClickException(f"{file.name}: {error}") from error
