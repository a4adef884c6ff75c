"""Every command of the platform, mounted under `flask …`."""

import smtplib
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from flask_migrate import upgrade

from app.accounts import cli as accounts
from app.accounts.queries import demo_people
from app.demo import cli as demo
from app.demo.commands import PASSWORD, demo_sign_ins
from app.ideas.commands import put_all_in_order
from app.ideas.queries.order import ideas_out_of_order
from app.imports import cli as tables
from app.kit import backup, counters, jobs, mail, supervise, textindex
from app.kit.db import unit_of_work
from app.kit.web import settings
from app.places import cli as places
from app.places.commands import load_places
from app.places.queries import places_exist
from app.seeding.cli import seed
from app.subjects.indexing import reindex
from app.topics import cli as topics
from app.topics.commands import load_topics
from app.topics.queries import all_topics

runner = AppGroup("jobs", help="Work outside of requests.")
post = AppGroup("mail", help="Sending mail.")


def register(app: Flask) -> None:
    """Mount the commands."""
    own = (init, serve, recount, reindex_command, save, restore, seed, tables.imports, tables.exports, runner, post)
    for command in (*own, accounts.group, demo.group, places.group, topics.group):
        app.cli.add_command(command)


@click.command("init")
@with_appcontext
def init() -> None:
    """Migrate the database, load places and topics where there are none yet, and write the search's documents anew
    where an older release wrote them; harmless when repeated.
    """
    upgrade()
    with unit_of_work():
        if not all_topics():
            load_topics()
        if not places_exist():
            load_places()
    with unit_of_work(writes=False):
        outdated = textindex.is_outdated()
    if outdated:  # by a release before this one, which wrote documents differently
        reindex()


@click.command("serve")
@with_appcontext
def serve() -> None:
    """Run web server and job runner as one process group."""
    own = settings()
    with unit_of_work(writes=False):
        demo_exists = demo_people() > 0
    if own.is_production and demo_exists:
        raise click.ClickException(
            "There are demo people in this database; their password is public. Production does not start."
        )
    if problem := supervise.cannot_bind(own.host, own.port):
        raise click.ClickException(
            f"http://{own.host}:{own.port} cannot be used: {problem}. Choose another with PORT=…."
        )
    click.echo(f"\n  {own.site_name}: http://{own.host}:{own.port}\n")
    if demo_exists and own.demo_people_may_sign_in:
        for email, role in demo_sign_ins():
            click.echo(f"  {email:<34} {PASSWORD}  ({role})")
        click.echo("")
    if kept := current_app.extensions.get("guest_pages"):
        kept.begin()
        supervise.each_minute(kept.tidy)
    web_server = supervise.web_server(own.host, own.port, own.web_workers, own.web_threads)
    raise SystemExit(supervise.supervise([web_server, supervise.flask_command("job runner", "jobs", "run")]))


@runner.command("run")
def run_jobs() -> None:
    """Deliver, send and sweep until stopped."""
    jobs.run(current_app._get_current_object())  # type: ignore[attr-defined]


@post.command("test")
@click.argument("address")
def test_mail(address: str) -> None:
    """Send one mail to ADDRESS now and show what the mail server says; without SMTP_HOST it becomes a file."""
    try:
        with jobs.outside(current_app._get_current_object()):  # type: ignore[attr-defined]
            mail.send_test(address)
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise click.ClickException(f"The mail was not sent: {error}") from error
    own = settings()
    if own.smtp_host:
        click.echo(f"The mail server took a mail for {address}.")
    else:
        click.echo(f"SMTP_HOST is not set: the mail for {address} is a file in {own.data_dir / 'mail'}.")


@click.command("recount")
@click.option("--fix", is_flag=True, help="Set wrong counters right.")
@with_appcontext
def recount(fix: bool) -> None:
    """Compare every counter with what it counts."""
    with unit_of_work(writes=fix):
        wrong, waiting = counters.differences(), ideas_out_of_order()
        if fix:
            counters.mend()
            put_all_in_order()
    for name, row_id, stored, truth in wrong:
        click.echo(f"{name} of {row_id}: {stored}, should be {truth}")
    click.echo(f"{len(wrong)} differences{' mended' if fix and wrong else ''}")
    if waiting:
        click.echo(f"{waiting} ideas {'put' if fix else 'wait to be put'} in order (the job runner does that, too)")
    if wrong and not fix:
        raise SystemExit(1)


@click.command("reindex")
@with_appcontext
def reindex_command() -> None:
    """Write everything the search finds anew, while the platform runs."""
    click.echo(f"{reindex()} documents")


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def save(file: Path) -> None:
    """Write database and files into one archive FILE (.tar.gz), while the platform runs."""
    try:
        backup.save(file)
    except (backup.BackupError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{file}: {file.stat().st_size // 1024} kB")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Replace a database that holds content.")
@with_appcontext
def restore(file: Path, replace: bool) -> None:
    """Bring a backup back into an empty database; stop the platform first."""
    try:
        backup.restore(file, replace=replace)
    except (backup.BackupError, OSError) as error:
        raise click.ClickException(str(error)) from error
    click.echo("Restored. Start the platform again.")
