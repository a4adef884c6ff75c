"""Facts about moderation."""

from dataclasses import dataclass

from app.subjects.activities import Activity


@dataclass(frozen=True, kw_only=True)
class SubjectReported(Activity, name="subject_reported"):
    """Somebody reported the subject."""

    report_id: int


@dataclass(frozen=True, kw_only=True)
class DecisionTaken(Activity, name="decision_taken"):
    """A moderator decided about the subject."""

    decision_id: int
    measure: str
