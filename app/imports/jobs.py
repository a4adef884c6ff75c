"""What the job runner does about imports."""

from app.imports.commands import runs, work
from app.kit import jobs
from app.kit.db import unit_of_work


@jobs.job
def work_on(run_id: int) -> None:
    """Look at a file, or bring it in; what is wrong is worded when somebody reads it."""
    work.work_on(run_id)


@jobs.sweep
def take_up_again() -> None:
    """Go on with what a killed process left: hand it to the queue, the sweeper itself has other work."""
    for run_id in work.claim_forgotten():
        jobs.enqueue(work_on, run_id)


@jobs.daily
def forget_files() -> None:
    """Delete the files of runs that ended long ago."""
    with unit_of_work():
        runs.forget_files()
