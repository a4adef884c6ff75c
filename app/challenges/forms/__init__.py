"""Forms of challenges: their words, phases, questions, and what belongs to them."""

from app.challenges.forms.parts import CriterionRow, HostForm, NewsForm, QuestionRow, VotingForm
from app.challenges.forms.phases import PhaseRow
from app.challenges.forms.texts import ChallengeForm, CopyForm, FurtherForm

__all__ = [
    "ChallengeForm",
    "CopyForm",
    "CriterionRow",
    "FurtherForm",
    "HostForm",
    "NewsForm",
    "PhaseRow",
    "QuestionRow",
    "VotingForm",
]
