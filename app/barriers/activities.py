"""Facts about barriers."""

from dataclasses import dataclass

from app.subjects.activities import Activity


@dataclass(frozen=True, kw_only=True)
class BarrierReported(Activity, name="barrier_reported"):
    """Somebody told of a barrier."""


@dataclass(frozen=True, kw_only=True)
class BarrierDone(Activity, name="barrier_done"):
    """Somebody of the staff has answered it or had it mended."""
