"""Forms of challenges: their words, phases, questions, and what belongs to them."""

from app.challenges.forms.parts import CriterionRow, HostForm, NewsForm, QuestionRow, VotingForm
from app.challenges.forms.phases import PhaseRow
from app.challenges.forms.texts import ChallengeForm, FurtherForm

__all__ = [
    "ChallengeForm",
    "CriterionRow",
    "FurtherForm",
    "HostForm",
    "NewsForm",
    "PhaseRow",
    "QuestionRow",
    "VotingForm",
]
