"""Work outside of requests: huey carries it, our own tables remember it.

A job is a function with ids as arguments, registered by `@job`; `enqueue` hands it to huey and never
fails a request: what must not get lost stands in a table that a *sweep* looks through at start and
every few seconds.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from flask import Flask, current_app
from flask.ctx import RequestContext
from huey import Huey, RedisHuey, SqliteHuey

from app.config import Settings
from app.kit.db import is_writing, unit_of_work
from app.kit.logs import log

T = TypeVar("T")
Job = Callable[..., None]
SWEEP_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 0.5
_jobs: dict[str, Job] = {}
DAY_SECONDS, NOW_AND_THEN_SECONDS = 24 * 3600.0, 600.0
_sweeps: list[Callable[[], None]] = []
_now_and_then: list[Callable[[], None]] = []
_daily: list[Callable[[], None]] = []


def job(function: Job) -> Job:
    """Register a job under its module's and function's name."""
    _jobs[_name(function)] = function
    return function


def sweep(function: Callable[[], None]) -> Callable[[], None]:
    """Register work that is looked for at start and every few seconds."""
    if function not in _sweeps:
        _sweeps.append(function)
    return function


def now_and_then(function: Callable[[], None]) -> Callable[[], None]:
    """Register work that is done at start and every ten minutes: counting what is too much for each page."""
    if function not in _now_and_then:
        _now_and_then.append(function)
    return function


def daily(function: Callable[[], None]) -> Callable[[], None]:
    """Register work that is done at start and once a day: forgetting what is past its time."""
    if function not in _daily:
        _daily.append(function)
    return function


def start(app: Flask, settings: Settings) -> None:
    """Make the queue: a SQLite file in the data folder, or Redis when REDIS_URL is set."""
    app.extensions["huey"], app.extensions["remembered by jobs"] = _queue(settings), {}
    app.extensions["huey_tasks"] = {name: _task(app, name, function) for name, function in _jobs.items()}


def enqueue(function: Job, *arguments: Any) -> None:
    """Hand a job to the runner; should the queue be out of reach, a sweep will find the work."""
    try:
        current_app.extensions["huey_tasks"][_name(function)](*arguments)
    except Exception as error:
        log.warning("enqueue failed", job=_name(function), error=type(error).__name__)


def remembered(name: str, make: Callable[[], T]) -> T:
    """What a job knows from its last run in this process; made when it runs for the first time."""
    known: T = current_app.extensions["remembered by jobs"].setdefault(name, make())
    return known


def run_sweeps() -> None:
    """Do what is due, once."""
    _run_each(_sweeps)


def run_now_and_then() -> None:
    """Count what pages tell, once."""
    _run_each(_now_and_then)


def run_daily() -> None:
    """Do a day's tidying, once."""
    _run_each(_daily)


@contextmanager
def in_between() -> Iterator[None]:
    """A small unit of work, one of many of a long job; afterwards people write for as long as it took.

    Writers of SQLite take turns, a process each: a job that asked again at once had half of all turns.
    """
    began = time.monotonic()
    with unit_of_work():
        yield
    if not is_writing():  # else it is a part of something that is under way
        time.sleep(min(time.monotonic() - began, LONGEST_PAUSE_SECONDS))


def run(app: Flask) -> None:
    """Work until told to stop (SIGINT, SIGTERM): huey's consumer, and the sweeps beside it."""
    stop = threading.Event()

    def keep_sweeping() -> None:
        pauses = {run_sweeps: 0.0, run_now_and_then: NOW_AND_THEN_SECONDS, run_daily: DAY_SECONDS}
        done_at = dict.fromkeys(pauses, -DAY_SECONDS)
        while not stop.is_set():
            with outside(app):
                for act, pause in pauses.items():
                    if time.monotonic() - done_at[act] >= pause:
                        done_at[act] = time.monotonic()
                        act()
            stop.wait(SWEEP_SECONDS)

    sweeper = threading.Thread(target=keep_sweeping, name="sweeper", daemon=True)
    sweeper.start()
    consumer = app.extensions["huey"].create_consumer(workers=2, periodic=False, initial_delay=0.1, max_delay=1.0)
    try:
        consumer.run()
    finally:
        stop.set()
        sweeper.join(timeout=3)


def outside(app: Flask) -> RequestContext:
    """A context for work outside of requests, in which addresses are those of the public site."""
    return app.test_request_context(base_url=app.extensions["settings"].base_url)


def _run_each(functions: list[Callable[[], None]]) -> None:
    for function in functions:
        try:
            function()
        except Exception:
            log.exception("periodic work failed", work=function.__name__)


def _queue(settings: Settings) -> Huey:
    if settings.redis_url:
        return RedisHuey("zukunftsplattform", url=settings.redis_url, results=False)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("zukunftsplattform", filename=str(settings.data_dir / "jobs.sqlite"), results=False)


def _task(app: Flask, name: str, function: Job) -> Any:
    def run_job(*arguments: Any) -> None:
        with outside(app):
            function(*arguments)

    return app.extensions["huey"].task(name=name)(run_job)


def _name(function: Job) -> str:
    return f"{function.__module__}.{function.__name__}"
