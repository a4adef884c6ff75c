"""What an idea can be: its life, its journey, how far it is, what it needs, who stands behind it."""

from enum import IntFlag, StrEnum


class IdeaState(StrEnum):
    """The life of an idea."""

    PENDING = "pending"
    PUBLISHED = "published"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"


class IdeaStatus(StrEnum):
    """The journey of an idea, in its order; not pursued is an end of its own."""

    SUBMITTED = "submitted"
    IN_DISCUSSION = "in_discussion"
    UNDER_REVIEW = "under_review"
    SHORTLISTED = "shortlisted"
    PROJECT = "project"
    REALISED = "realised"
    NOT_PURSUED = "not_pursued"


CLOSED = (IdeaStatus.REALISED, IdeaStatus.NOT_PURSUED)
SETTLED = (IdeaStatus.PROJECT, *CLOSED)
# Nobody reviews it yet.
UNREAD = (IdeaStatus.SUBMITTED, IdeaStatus.IN_DISCUSSION)


class IdeaStage(StrEnum):
    """How far its author says an idea is."""

    UNSAID = ""
    THOUGHT = "thought"
    WORKED_OUT = "worked_out"
    PREPARED = "prepared"
    TRIED = "tried"


class Need(IntFlag):
    """What an idea needs; the column holds the sum."""

    MONEY = 1
    TIME = 2
    ROOMS = 4
    PARTNERS = 8

    @property
    def key(self) -> str:
        """Its name in addresses and forms."""
        return (self.name or "").lower()


class AuthorKind(StrEnum):
    """Who stands behind an idea: a person, an organisation, or nobody with an account here."""

    PERSON = "person"
    ORGANISATION = "organisation"
    BROUGHT = "brought"
