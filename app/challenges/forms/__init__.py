"""Forms of challenges: their words, phases, questions, and what belongs to them."""

from app.challenges.forms.texts import ChallengeForm

__all__ = ["ChallengeForm"]
