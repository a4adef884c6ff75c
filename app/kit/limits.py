"""Limits against floods: in memory with one process, in Redis with more. Addresses are not kept."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from app.config import Settings
from app.kit.access import current_actor


def who() -> str:
    """Whose requests are counted together: the member's, else the network address's."""
    actor = current_actor()
    return f"person:{actor.id}" if actor.is_signed_in else f"address:{get_remote_address()}"


limiter = Limiter(who, default_limits=[], headers_enabled=False)


def start(app: Flask, settings: Settings) -> None:
    """Writing requests: 120 a minute for each person or address; single views say less."""
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or "memory://"
    if settings.redis_url:
        # A Redis that is away or hangs must not take the platform along: each process counts for itself meanwhile.
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {"socket_connect_timeout": 2, "socket_timeout": 2}
        app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = True
    app.config["RATELIMIT_ENABLED"] = settings.environment != "testing"
    limiter.init_app(app)
