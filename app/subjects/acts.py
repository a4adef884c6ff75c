"""What people do with a subject; a challenge answers from its phases which of them it allows now."""

from enum import StrEnum


class Act(StrEnum):
    """One thing a person can do with a subject. To edit is its author's, to assess its jury's."""

    SUBMIT = "submit"
    EDIT = "edit"
    SUPPORT = "support"
    COMMENT = "comment"
    ASSESS = "assess"
    FOLLOW = "follow"
    REPORT = "report"
