"""Facts about challenges."""

from dataclasses import dataclass

from app.kit.i18n import gettext as _
from app.kit.i18n import lazy_gettext as _l
from app.subjects.activities import Activity

# The look of each kind of phase: icon and word. Used by bars, steps, forms and mails alike.
PHASE_LOOK = {
    "collect": ("lightbulb", _l("Ideen sammeln")),
    "discuss": ("message-circle", _l("Ideen besprechen")),
    "assess": ("eye", _l("Ideen prüfen")),
    "vote": ("heart", _l("Abstimmen")),
    "decide": ("scale", _l("Entscheiden")),
    "realise": ("sprout", _l("Umsetzen")),
}


@dataclass(frozen=True, kw_only=True)
class ChallengeSubmitted(Activity, name="challenge_submitted"):
    """Somebody described a challenge and gave it out of their hands."""


@dataclass(frozen=True, kw_only=True)
class ChallengeDrafted(Activity, name="challenge_drafted"):
    """Somebody began to describe a challenge."""


@dataclass(frozen=True, kw_only=True)
class ChallengeTakenBack(Activity, name="challenge_taken_back"):
    """What waited for a moderator is a draft again."""


@dataclass(frozen=True, kw_only=True)
class ChallengeEdited(Activity, name="challenge_edited"):
    """A challenge says something else, or asks something else, from now on; `part` is what."""

    part: str = "text"


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


@dataclass(frozen=True, kw_only=True)
class PhaseBegan(
    Activity,
    name="phase_began",
    public=True,
    colour="challenge",
    icon="calendar",
    step=_l("Neue Phase"),
    sentence=_l("Eine neue Phase hat begonnen"),
):
    """A phase of a challenge runs from now on, by its date or by hand."""

    phase_id: int
    kind: str
    phase_name: str

    @property
    def step_title(self) -> str:
        return str(_("Beginn: %(phase)s", phase=self.phase_name or PHASE_LOOK[self.kind][1]))


@dataclass(frozen=True, kw_only=True)
class PhaseEnded(
    Activity, name="phase_ended", public=True, colour="challenge", icon="calendar", step=_l("Ende einer Phase")
):
    """A phase of a challenge is over, by its date or by hand."""

    phase_id: int
    kind: str
    phase_name: str

    @property
    def step_title(self) -> str:
        return str(_("Ende: %(phase)s", phase=self.phase_name or PHASE_LOOK[self.kind][1]))


@dataclass(frozen=True, kw_only=True)
class ChallengeClosed(
    Activity,
    name="challenge_closed",
    public=True,
    colour="challenge",
    icon="calendar",
    step=_l("Ideensammlung beendet"),
    sentence=_l("Die Ideensammlung ist beendet"),
):
    """A challenge without phases takes no more ideas."""


@dataclass(frozen=True, kw_only=True)
class ChallengeReopened(
    Activity,
    name="challenge_reopened",
    public=True,
    colour="challenge",
    icon="calendar",
    step=_l("Ideensammlung wieder offen"),
):
    """A challenge takes ideas again."""


@dataclass(frozen=True, kw_only=True)
class ChallengeNewsPosted(
    Activity,
    name="challenge_news_posted",
    public=True,
    colour="challenge",
    icon="mail",
    sentence=_l("hat Neues zu einer Herausforderung geschrieben"),
):
    """The people behind a challenge tell something."""

    news_id: int


@dataclass(frozen=True, kw_only=True)
class ChallengeArchived(
    Activity, name="challenge_archived", colour="quiet", icon="inbox", step=_l("Ins Archiv gelegt")
):
    """Staff put the challenge away: it can be read, nothing else."""


@dataclass(frozen=True, kw_only=True)
class ChallengeUnarchived(Activity, name="challenge_unarchived"):
    """Staff took the challenge out of the archive."""


@dataclass(frozen=True, kw_only=True)
class HostInvited(Activity, name="host_invited"):
    """An organisation was asked to host a challenge too."""

    host_organisation_id: int


@dataclass(frozen=True, kw_only=True)
class HostAnswered(Activity, name="host_answered"):
    """An organisation accepted, declined or ended hosting a challenge; `state` is what it is now."""

    host_organisation_id: int
    state: str


@dataclass(frozen=True, kw_only=True)
class PreviewShared(Activity, name="preview_shared"):
    """A link that shows the challenge before it is public was made, or ended."""

    is_open: bool
