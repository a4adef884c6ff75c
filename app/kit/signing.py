"""Signed words: cookies of sessions and tokens of forms. What signs them is made once, not for each request."""

from functools import lru_cache
from typing import Any

import flask_wtf.csrf
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

_tokens = lru_cache(maxsize=10)(flask_wtf.csrf.URLSafeTimedSerializer)


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions in cookies."""

    def __init__(self) -> None:
        self._made: Any = None

    def get_signing_serializer(self, app: Flask) -> Any:
        """As Flask's; settings do not change while it runs."""
        if self._made is None:
            self._made = super().get_signing_serializer(app)
        return self._made


def start(app: Flask) -> None:
    """Sign with as little work as signing takes."""
    app.session_interface = Sessions()
    flask_wtf.csrf.URLSafeTimedSerializer = _tokens
