"""Commands for a look around: `flask demo load`."""

import click
from flask.cli import AppGroup

from app.accounts.queries import demo_people
from app.challenges.queries import ChallengeFilter, list_challenges
from app.demo import commands
from app.ideas.commands import put_all_in_order
from app.kit.db import unit_of_work
from app.kit.web import settings

group = AppGroup("demo", help="Demo content: invented people and stories.")


@group.command("load")
@click.option("--if-empty", is_flag=True, help="Do nothing where there is content already.")
def load(if_empty: bool) -> None:
    """Load the demo content into an empty database."""
    if settings().is_production:
        raise click.ClickException("Demo content has public passwords: it is not for production.")
    with unit_of_work():
        if demo_people() or list_challenges(ChallengeFilter(), size=1).items:
            if if_empty:
                return
            raise click.ClickException("There is content already; demo content goes into an empty database.")
        commands.load_demo()
        put_all_in_order()
    click.echo("Demo content loaded.")
