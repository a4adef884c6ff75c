"""Tables of ideas."""

from app.ideas.models.further import Answer, IdeaOrigin
from app.ideas.models.idea import Idea
from app.ideas.models.states import CLOSED, SETTLED, AuthorKind, IdeaStage, IdeaState, IdeaStatus, Need
from app.ideas.models.people import Coauthor, CoauthorInvitation, ContactWay, IdeaContact, Outcome
from app.ideas.models.texts import IdeaVersion, QuestionAnswer

__all__ = [
    "CLOSED",
    "SETTLED",
    "Answer",
    "Coauthor",
    "CoauthorInvitation",
    "ContactWay",
    "Idea",
    "IdeaContact",
    "IdeaOrigin",
    "IdeaState",
    "IdeaStatus",
    "IdeaVersion",
    "Outcome",
    "QuestionAnswer",
]
