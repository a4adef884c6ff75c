"""What is asked a hundred times on a page, without going through `request` and `g`, which are looked up each time."""

from typing import Any

from flask import Flask, Request, Response
from flask.globals import _cv_app, _cv_request
from flask.sessions import SessionMixin


def root() -> str | None:
    """Where the application is mounted: what stands before every path, mostly nothing; None outside of a request."""
    context = _cv_request.get(None)
    return context.request.script_root if context is not None else None


def asked() -> Request:
    """This request."""
    return _cv_request.get().request


def session() -> SessionMixin:
    """The session of this request."""
    return _cv_request.get().session


def application() -> Flask:
    """The application that is at work."""
    return _cv_app.get().app


def noted() -> dict[str, Any]:
    """What `g` holds; nothing outside of an application context."""
    context = _cv_app.get(None)
    return vars(context.g) if context is not None else {}


def argument(name: str, otherwise: str = "") -> str:
    """A query argument, the first of several; werkzeug makes an error of each that is missing."""
    values = dict.get(_cv_request.get().request.args, name)
    return values[0] if values else otherwise


def environ() -> dict[str, Any]:
    """What the web server said of this request."""
    return _cv_request.get().request.environ


def varies(response: Response, *names: str) -> None:
    """Say what else an answer depends on (Vary)."""
    known = response.headers.get("Vary", "")
    said = known.lower()
    if new := [one for one in names if one.lower() not in said]:
        response.headers["Vary"] = ", ".join([known, *new] if known else new)
