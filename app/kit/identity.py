"""Who the site is: its name, its claim and its look, as the operator wants them.

The settings say it until a package further up knows better (`use`). It is asked once in a request, so that a page
shows one look, and anew in the next: a change holds at once, in every process.
"""

from collections.abc import Callable
from typing import Any, Protocol

from flask import Flask, g, has_request_context

from app.kit.here import noted
from app.kit.i18n import language


class Identity(Protocol):
    """What every page and every mail says of the site."""

    @property
    def name(self) -> str: ...
    @property
    def claim(self) -> str: ...
    @property
    def claim_en(self) -> str: ...


_loaders: list[Callable[[], Any]] = []


def start(app: Flask) -> None:
    """Let templates ask."""
    app.jinja_env.globals |= {"site_name": site_name, "site_claim": site_claim, "site_look": identity}


def use(load: Callable[[], Identity]) -> None:
    """Say who knows."""
    _loaders[:] = [load]


def identity() -> Any:
    """The look that holds now. One query in a request that asks."""
    known = noted().get("site_identity")
    if known is None:
        known = _loaders[0]()
        if has_request_context():
            g.site_identity = known
    return known


def forget() -> None:
    """It was changed in this request."""
    if has_request_context():
        g.pop("site_identity", None)


def site_name() -> str:
    """What the site is called."""
    return str(identity().name)


def site_claim() -> str:
    """What the site stands for, in the language in use."""
    own: Identity = identity()
    return (language() == "en" and own.claim_en) or own.claim
