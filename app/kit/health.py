"""Whether the platform lives (`/healthz`) and whether it can serve (`/readyz`)."""

from flask import Blueprint, Response, jsonify
from sqlalchemy import text

from app.kit import storage
from app.kit.access import access, anyone
from app.kit.db import db

bp = Blueprint("health", __name__)


@bp.get("/healthz")
@access(anyone)
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
@access(anyone)
def readyz() -> Response:
    """Database migrated and reachable, storage writable; 503 otherwise, and which part it is."""
    checks = {"database": _database_ready(), "storage": _storage_ready()}
    response = jsonify(status="ok" if all(checks.values()) else "unavailable", **checks)
    response.status_code = 200 if all(checks.values()) else 503
    return response


def _database_ready() -> bool:
    try:
        return db.session.execute(text("SELECT version_num FROM alembic_version")).first() is not None
    except Exception:
        return False


def _storage_ready() -> bool:
    try:
        storage.folder().mkdir(parents=True, exist_ok=True)
        probe = storage.folder() / ".ready"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError:
        return False
    return True
