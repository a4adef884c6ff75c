"""Structured logs without personal data: no bodies, no addresses, no IPs, no query strings."""

import logging
import sys
import time

import structlog
from flask import Flask, Response, g

from app.kit.here import application, asked, noted

log = structlog.get_logger("zukunftsplattform")


def start(app: Flask, level: str) -> None:
    """One line of JSON a request, and one for each error; times in UTC, durations in milliseconds."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        # Text and line break in one write: lines of several processes do not run into each other.
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    app.extensions["request log"] = log.bind()  # else it is put together anew for each line
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    app.before_request(_start_clock)
    app.after_request(_log_request)


def _start_clock() -> None:
    g.started = time.perf_counter()


def _log_request(response: Response) -> Response:
    here = asked()
    if here.endpoint not in ("static", "health.healthz", "health.readyz"):
        # The rule, not the path: a path may carry a token or a name.
        now = time.perf_counter()
        milliseconds = round(1000 * (now - noted().get("started", now)), 1)
        rule = here.url_rule.rule if here.url_rule else "-"
        bound = application().extensions["request log"]
        bound.info("request", method=here.method, rule=rule, status=response.status_code, ms=milliseconds)
    return response
