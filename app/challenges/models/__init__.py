"""Tables of challenges: the challenge itself, its phases, and what belongs to it."""

from app.challenges.models.acting import ChallengeState, ChallengeStatus, OpensActs, Timed
from app.challenges.models.challenge import Challenge, ChallengePlace, ChallengeTopic, VotingMethod
from app.challenges.models.parts import (
    ChallengeCriterion,
    ChallengeHost,
    ChallengeLink,
    ChallengeNews,
    ChallengeQuestion,
    HostState,
    QuestionKind,
)
from app.challenges.models.phases import DEFAULT_ACTS, PHASE_ACTS, ChallengePhase, PhaseKind, Span

__all__ = [
    "DEFAULT_ACTS",
    "PHASE_ACTS",
    "Challenge",
    "ChallengeCriterion",
    "ChallengeHost",
    "ChallengeLink",
    "ChallengeNews",
    "ChallengePhase",
    "ChallengePlace",
    "ChallengeQuestion",
    "ChallengeState",
    "ChallengeStatus",
    "ChallengeTopic",
    "HostState",
    "OpensActs",
    "PhaseKind",
    "QuestionKind",
    "Span",
    "Timed",
    "VotingMethod",
]
