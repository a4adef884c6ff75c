"""Signed words: cookies of sessions and tokens of forms. What signs them is made once, not for each request.

The words are those of Flask and Flask-WTF: each reads what the other has signed.
"""

import hmac
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any, cast

import flask_wtf.csrf
from flask import Flask, Response
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from itsdangerous.signer import SigningAlgorithm

from app.kit.here import varies


class AtOnce(SigningAlgorithm):
    """HMAC with SHA-1 in one call, without an object for each text."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        return hmac.digest(key, value, "sha1")


class Signer(TimestampSigner):
    """Derives its key once."""

    def __init__(self, *values: Any, **more: Any) -> None:
        super().__init__(*values, **(more | {"algorithm": AtOnce()}))
        self.derive_key = cache(super().derive_key)  # type: ignore[method-assign]


class Signed(URLSafeTimedSerializer):
    """Keeps its signers, one for each salt."""

    default_signer = Signer

    def __init__(self, *values: Any, **more: Any) -> None:
        super().__init__(*values, **more)
        self.make_signer = lru_cache(maxsize=10)(super().make_signer)  # type: ignore[method-assign]

    def iter_unsigners(self, salt: str | bytes | None = None) -> Iterator[TimestampSigner]:
        yield cast(TimestampSigner, self.make_signer(salt))  # there are no others to fall back on


_tokens = lru_cache(maxsize=10)(Signed)


class Sessions(SecureCookieSessionInterface):
    """Flask's sessions in cookies."""

    def __init__(self) -> None:
        self._made: Any = None

    def get_signing_serializer(self, app: Flask) -> Any:
        """As Flask's; settings do not change while it runs."""
        if self._made is None:
            keys = [*(app.config["SECRET_KEY_FALLBACKS"] or ()), app.secret_key]
            how = {"key_derivation": self.key_derivation, "digest_method": self.digest_method}
            self._made = Signed(keys, salt=self.salt, serializer=self.serializer, signer_kwargs=how)
        return self._made

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """As Flask's; of a session that was only read it takes a note, for which Flask reads the whole header."""
        if session and not self.should_set_cookie(app, session):
            varies(response, "Cookie")
        else:
            super().save_session(app, session, response)


def start(app: Flask) -> None:
    """Sign with as little work as signing takes."""
    app.session_interface = Sessions()
    flask_wtf.csrf.URLSafeTimedSerializer = _tokens
