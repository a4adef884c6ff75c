"""Facts about challenges."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from app.subjects.activities import Activity


@dataclass(frozen=True, kw_only=True)
class ChallengeSubmitted(Activity, name="challenge_submitted"):
    """Somebody described a challenge."""


@dataclass(frozen=True, kw_only=True)
class ChallengePublished(
    Activity,
    name="challenge_published",
    public=True,
    colour="challenge",
    icon="mountain",
    step=_l("Herausforderung veröffentlicht"),
    sentence=_l("hat eine Herausforderung beschrieben"),
):
    """The challenge can be read and answered by everyone."""


@dataclass(frozen=True, kw_only=True)
class ChallengeShownAgain(Activity, name="challenge_shown_again"):
    """A challenge that had been public is so again: no news."""


@dataclass(frozen=True, kw_only=True)
class ChallengeHidden(Activity, name="challenge_hidden"):
    """The challenge is no longer public."""
