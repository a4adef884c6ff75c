"""Who writes while another one writes waits; nobody ever sees "database is locked"."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from statistics import quantiles

import pytest
from flask import Flask

from app.ideas.commands import submit_idea
from app.kit.db import unit_of_work
from tests.factories.world import idea_text, person
from tests.people import settle
from tests.support.crowd import Visitor, backstage, invite, nothing_is_miscounted, post
from tests.support.live import LiveServer

WRITERS, SECONDS = 8, 60.0
PEOPLE_OF_A_WRITER = 150  # so that no single person meets the limits against floods
Took = tuple[float, int]


@pytest.mark.on("sqlite")
def test_eight_writers_and_the_job_runner_never_meet_an_error(
    servers: Callable[..., LiveServer], record_property: Callable[[str, object], None]
) -> None:
    server = servers(WEB_WORKERS="2")
    with backstage(server) as app:
        ideas = prepare(app)
        crowds = [invite(app, PEOPLE_OF_A_WRITER, stem=f"gast-{number}") for number in range(WRITERS - 1)]
        crowds.append(invite(app, PEOPLE_OF_A_WRITER, stem="moderation", roles=("moderator",)))
    until = time.monotonic() + SECONDS
    with ThreadPoolExecutor(WRITERS) as writers:
        lists = list(writers.map(lambda crowd: write(server, crowd, ideas, until), crowds))
    taken = [took for each in lists for took in each]
    statuses = {status for _seconds, status in taken}
    assert statuses == {303}
    assert complaints(server) == []
    nothing_is_miscounted(server)
    record_property("figures", figures([seconds * 1000 for seconds, _status in taken]))


def prepare(app: Flask) -> list[int]:
    """A few ideas everybody writes about; their author hears of each answer by mail."""
    settle(app)
    with app.test_request_context(), unit_of_work():
        return [submit_idea(idea_text(f"Idee {number}"), by=person("anton")).id for number in range(5)]


def write(server: LiveServer, crowd: list[Visitor], ideas: list[int], until: float) -> list[Took]:
    """One writer: people of a crowd support, comment and take back in turn; moderators answer as well."""
    taken = []
    for number in count():
        if time.monotonic() > until:
            break
        visitor, idea = crowd[number % len(crowd)], ideas[number % len(ideas)]
        acts = [(f"/ideas/{idea}/support", {}), (f"/subjects/{idea}/comments", {"body": f"Wort {number}"})]
        acts.append((f"/ideas/{idea}/support/withdrawal", {}))
        if visitor.email.startswith("moderation"):
            acts.append((f"/ideas/{idea}/answers", {"body": f"Antwort {number}", "status": ""}))
        address, fields = acts[number % len(acts)]
        begun = time.perf_counter()
        status = post(server, address, visitor, **fields)
        taken.append((time.perf_counter() - begun, status))
    return taken


def complaints(server: LiveServer) -> list[str]:
    """What the server's log holds beyond plain requests."""
    lines = [line for line in server.log.read_text().splitlines() if line.startswith("{")]
    return [line for line in lines if json.loads(line)["level"] != "info" or "locked" in line]


def figures(milliseconds: list[float]) -> str:
    percent = quantiles(milliseconds, n=100)
    times = f"p50 {percent[49]:.0f} ms, p99 {percent[98]:.0f} ms, slowest {max(milliseconds):.0f} ms"
    return f"{WRITERS} writers, {SECONDS:.0f} s: {len(milliseconds)} requests, 0 errors, {times}"
