"""Facts about votes. They are not public: who supports what is nobody else's business."""

from dataclasses import dataclass

from app.subjects.activities import Activity


@dataclass(frozen=True, kw_only=True)
class SupportGiven(Activity, name="support_given"):
    """Somebody supports the subject."""


@dataclass(frozen=True, kw_only=True)
class SupportWithdrawn(Activity, name="support_withdrawn"):
    """Somebody took their support back."""
