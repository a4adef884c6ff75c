"""Facts about closings."""

from dataclasses import dataclass

from app.kit.i18n import lazy_gettext as _l
from app.subjects.activities import Activity


@dataclass(frozen=True, kw_only=True)
class ChallengeAnswered(
    Activity,
    name="challenge_answered",
    public=True,
    colour="result",
    icon="flag",
    step=_l("Beantwortet: was aus jeder Idee wird"),
    sentence=_l("hat gesagt, was aus den Ideen wird"),
):
    """The closing statement of a challenge is public, and with it what becomes of these ideas."""

    idea_ids: list[int]


@dataclass(frozen=True, kw_only=True)
class ClosingAmended(Activity, name="closing_amended"):
    """What becomes of these ideas was said, or said anew, after the closing statement was public."""

    idea_ids: list[int]


@dataclass(frozen=True, kw_only=True)
class ClosingSaved(Activity, name="closing_saved"):
    """Somebody worked on the draft of a closing statement."""
