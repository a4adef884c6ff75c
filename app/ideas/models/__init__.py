"""Tables of ideas."""

from app.ideas.models.further import Answer, IdeaOrigin
from app.ideas.models.idea import Idea
from app.ideas.models.listing import FairOrder
from app.ideas.models.people import Coauthor, CoauthorInvitation, ContactWay, IdeaContact, Outcome
from app.ideas.models.states import CLOSED, SETTLED, UNREAD, AuthorKind, IdeaStage, IdeaState, IdeaStatus, Need
from app.ideas.models.texts import IdeaVersion, QuestionAnswer

__all__ = [
    "CLOSED",
    "SETTLED",
    "UNREAD",
    "Answer",
    "AuthorKind",
    "Coauthor",
    "CoauthorInvitation",
    "ContactWay",
    "FairOrder",
    "Idea",
    "IdeaContact",
    "IdeaOrigin",
    "IdeaStage",
    "IdeaState",
    "IdeaStatus",
    "IdeaVersion",
    "Need",
    "Outcome",
    "QuestionAnswer",
]
