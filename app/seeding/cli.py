"""The command for content to measure with: `flask seed`."""

import gc
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import with_appcontext
from sqlalchemy import inspect

from app.kit.db import db
from app.kit.web import settings
from app.seeding import commands
from app.subjects.models import Subject

STEPS_TOLD = 10
ROWS_AT_ONCE = 200_000


@click.command("seed")
@click.option(
    "--ideas",
    default=10_000,
    show_default=True,
    type=click.IntRange(10, 10_000_000),
    help="How many; one of fifty is withdrawn.",
)
@click.option(
    "--people", default=2_000, show_default=True, type=click.IntRange(2, 10_000_000), help="How many write and support."
)
@click.option(
    "--supports",
    default=100_000,
    show_default=True,
    type=click.IntRange(0, 1_000_000_000),
    help="How many in all; at most people × ideas.",
)
@click.option(
    "--comments", default=20_000, show_default=True, type=click.IntRange(0, 100_000_000), help="How many in all."
)
@click.option(
    "--seed",
    "key",
    default=1,
    show_default=True,
    type=click.IntRange(0, 1_000_000),
    help="Which chance: another number gives other content.",
)
@click.option("--beside-content", is_flag=True, help="Write it beside content that is there already.")
@with_appcontext
def seed(beside_content: bool, **numbers: int) -> None:
    """Invent many ideas with people, supports and comments, for measuring.

    The same numbers give the same content. A run that was ended goes on where it was when it is started again; a
    finished one is left alone. It goes into a database as `flask init` makes it. Few ideas have most supports, few
    people write most. Nobody of them can sign in. Stop the platform meanwhile: lists are slow until all is there.

    Left out, beside what the platform itself would write: the activity of each support and the follow that comes of
    it, older versions of texts, official answers, pictures.
    """
    if settings().is_production:
        raise click.ClickException("Invented content is not for production.")
    if not inspect(db.engine).has_table(Subject.__tablename__):
        raise click.ClickException("There are no tables yet: run `flask init` first.")
    began = time.monotonic()
    try:
        with _garbage_looked_for_seldom():
            is_new = commands.seed(numbers, _Progress().tell, beside_content=beside_content)
    except commands.Refused as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Done in {time.monotonic() - began:.0f} s." if is_new else "All of it is there already.")


@contextmanager
def _garbage_looked_for_seldom() -> Iterator[None]:
    """Rows by the million are none, and looking through them takes a twentieth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(ROWS_AT_ONCE, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


class _Progress:
    """One line for each step: it grows on a terminal, and is told ten times elsewhere."""

    def __init__(self) -> None:
        self.began, self.step, self.told = time.monotonic(), "", -1

    def tell(self, step: str, done: int, total: int) -> None:
        part = done * STEPS_TOLD // max(total, 1)
        if (step, part) == (self.step, self.told) and not sys.stdout.isatty():
            return
        self.step, self.told = step, part
        click.echo(
            f"{time.monotonic() - self.began:6.0f} s  {step:<9} {done:>10} of {total}", nl=not sys.stdout.isatty()
        )
        if sys.stdout.isatty():
            click.echo("\n" if done >= total else "\r", nl=False)
