"""Forms about ideas."""

from app.ideas.forms.answer import ANSWER_STATUSES, AnswerForm
from app.ideas.forms.contact import WAYS, ContactForm
from app.ideas.forms.idea import IdeaForm, start_of
from app.ideas.forms.people import CoauthorForm, WithdrawForm

__all__ = [
    "ANSWER_STATUSES",
    "WAYS",
    "AnswerForm",
    "CoauthorForm",
    "ContactForm",
    "IdeaForm",
    "WithdrawForm",
    "start_of",
]
