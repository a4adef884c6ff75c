"""SQLAlchemy's session, which works on the unit's own connection where that was there before it, in its transaction."""

from typing import Any

from flask.globals import app_ctx
from flask_sqlalchemy.session import Session as SessionOfApp
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import SessionTransaction

from app.kit.spares import spares
from app.kit.units import current


def scope_now() -> int:
    """Each application context has a session of its own, also within one unit of work."""
    return id(app_ctx._get_current_object())  # type: ignore[attr-defined]


class Session(SessionOfApp):
    """Asks for a connection of the engine only where the unit has none."""

    def get_bind(self, *args: Any, **more: Any) -> Engine | Connection:
        return _own() or super().get_bind(*args, **more)


OPTIONS = {"class_": Session, "scopefunc": scope_now, "join_transaction_mode": "control_fully"}


@event.listens_for(Session, "after_transaction_create")
def _begins(_session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None and _own() is None:
        spares().lend()


def _own() -> Connection | None:
    unit = current.get()
    return unit.own if unit is not None and unit.own is not None and unit.scope == scope_now() else None
