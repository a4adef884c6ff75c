"""Forms about ideas."""

from app.ideas.forms.answer import ANSWER_STATUSES, AnswerForm
from app.ideas.forms.idea import IdeaForm

__all__ = ["ANSWER_STATUSES", "AnswerForm", "IdeaForm"]
