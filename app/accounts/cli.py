"""Commands for operators: `flask users …`."""

import sys

import click
from email_validator import EmailNotValidError, validate_email
from flask.cli import AppGroup

from app.accounts import commands, queries
from app.accounts.models import User
from app.kit.db import unit_of_work
from app.kit.errors import DomainError

group = AppGroup("users", help="People: add, roles, suspend.")
MIN_PASSWORD = 10


@group.command("add")
@click.argument("email")
@click.option("--role", "roles", multiple=True, type=click.Choice(commands.ROLES), help="May be given twice.")
@click.option("--name", default="", help="The name shown; by default the part before the @.")
def add_user(email: str, roles: tuple[str, ...], name: str) -> None:
    """Add a confirmed person; the password is read from standard input."""
    try:
        email = validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise click.ClickException(f"{email} is no e-mail address.") from error
    password = _password()
    if len(password) < MIN_PASSWORD:
        raise click.ClickException(f"The password needs at least {MIN_PASSWORD} characters.")
    try:
        with unit_of_work():
            shown = name or email.split("@", maxsplit=1)[0]
            user = commands.add_person(email=email, name=shown, password=password, roles=roles)
            click.echo(f"{user.name} <{email}>: {', '.join(roles) or 'member'}")
    except DomainError as error:
        raise click.ClickException(str(error.message)) from error


@group.command("role")
@click.argument("email")
@click.argument("roles", nargs=-1, type=click.Choice(commands.ROLES))
def set_role(email: str, roles: tuple[str, ...]) -> None:
    """Set a person's roles; none makes them a simple member."""
    with unit_of_work():
        commands.set_roles(_person(email), roles, actor_id=0)
    click.echo(f"{email}: {', '.join(roles) or 'member'}")


@group.command("suspend")
@click.argument("email")
def suspend_user(email: str) -> None:
    """Take a person's right to write."""
    with unit_of_work():
        commands.suspend(_person(email), actor_id=0)
    click.echo(f"{email}: suspended")


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True))
    return sys.stdin.readline().rstrip("\n")


def _person(email: str) -> User:
    user = queries.person_by_email(email)
    if user is None:
        raise click.ClickException(f"There is no account for {email}.")
    return user
