"""What people do with a subject; a challenge answers from its phases which of them it allows now."""

from enum import StrEnum


class Act(StrEnum):
    """One thing a person can do with a subject."""

    SUBMIT = "submit"
    SUPPORT = "support"
    COMMENT = "comment"
    FOLLOW = "follow"
    REPORT = "report"
