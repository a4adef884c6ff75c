"""What the job runner does for followers."""

from app.kit import jobs
from app.kit.db import after_commit, unit_of_work
from app.kit.logs import log
from app.notifications import commands, queries


@jobs.job
@jobs.sweep
def mail_followers() -> None:
    """Go on with every mailing that is due: some people at a time, each step a transaction of its own."""
    with unit_of_work(writes=False):
        due = list(queries.due_mailings())
    for mailing_id in due:
        _carry_out(mailing_id)


def wake_after_commit() -> None:
    """Have the job runner go on once this transaction has been committed."""
    after_commit(_wake)


def _wake() -> None:
    jobs.enqueue(mail_followers)


def _carry_out(mailing_id: int) -> None:
    try:
        more = True
        while more:
            with unit_of_work(writes=False):
                more = commands.go_on_with(mailing_id)
    except Exception as error:
        log.exception("mailing failed", mailing=mailing_id, error=type(error).__name__)
        with unit_of_work():
            commands.postpone(mailing_id)
