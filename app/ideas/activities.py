"""Facts about ideas."""

from dataclasses import dataclass

from app.kit.i18n import gettext as _
from app.kit.i18n import lazy_gettext as _l
from app.subjects.activities import Activity

# The look of each status: colour of the step, icon, word. Used by chips, journeys and filters alike.
STATUS_LOOK = {
    "submitted": ("idea", "sparkle", _l("Eingereicht")),
    "in_discussion": ("idea", "message-circle", _l("In Diskussion")),
    "under_review": ("idea", "eye", _l("In Prüfung")),
    "shortlisted": ("idea", "bookmark", _l("Engere Auswahl")),
    "project": ("project", "sprout", _l("Wird ein Projekt")),
    "realised": ("result", "flag", _l("Umgesetzt")),
    "not_pursued": ("quiet", "clock", _l("Nicht weiterverfolgt")),
}
# What an author says of an idea: how far it is, and what it needs; the keys are those of addresses and forms.
STAGE_WORDS = {
    "thought": _l("Nur ein Gedanke"),
    "worked_out": _l("Ausgearbeitet"),
    "prepared": _l("In Vorbereitung"),
    "tried": _l("Wird schon erprobt"),
}
NEED_WORDS = {
    "money": ("hand-coins", _l("Geld")),
    "time": ("clock", _l("Zeit zum Mitmachen")),
    "rooms": ("house", _l("Räume")),
    "partners": ("handshake", _l("Mitstreitende")),
}


@dataclass(frozen=True, kw_only=True)
class IdeaSubmitted(Activity, name="idea_submitted", colour="idea", icon="lightbulb", step=_l("Eingereicht")):
    """Somebody submitted an idea."""


@dataclass(frozen=True, kw_only=True)
class IdeaPublished(
    Activity,
    name="idea_published",
    public=True,
    colour="idea",
    icon="message-circle",
    step=_l("In Diskussion"),
    sentence=_l("hat eine Idee eingereicht"),
):
    """The idea can be read, supported and discussed by everyone."""

    challenge_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class IdeaShownAgain(Activity, name="idea_shown_again"):
    """An idea that had been public is so again: no news, but it counts."""

    challenge_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class IdeaUnpublished(Activity, name="idea_unpublished"):
    """An idea that was public no longer is."""

    challenge_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class IdeaEdited(Activity, name="idea_edited"):
    """Its author changed the text; `version` is the number of the text since, 0 in facts from before."""

    version: int = 0


@dataclass(frozen=True, kw_only=True)
class IdeaWithdrawn(Activity, name="idea_withdrawn"):
    """Its author took it back, and may have said why."""

    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class IdeaReopened(Activity, name="idea_reopened"):
    """Its author brings back what they withdrew."""


@dataclass(frozen=True, kw_only=True)
class VersionHidden(Activity, name="idea_version_hidden"):
    """Staff hid an older version of the text, or showed it again."""

    number: int
    shown: bool


@dataclass(frozen=True, kw_only=True)
class CoauthorInvited(Activity, name="coauthor_invited"):
    """Somebody was asked to write the idea along."""

    invitation_id: int


@dataclass(frozen=True, kw_only=True)
class InvitationAnswered(Activity, name="coauthor_invitation_answered"):
    """An invitation was accepted, declined or withdrawn."""

    invitation_id: int
    outcome: str


@dataclass(frozen=True, kw_only=True)
class CoauthorJoined(Activity, name="coauthor_joined"):
    """Somebody writes the idea along from now on."""

    person_id: int


@dataclass(frozen=True, kw_only=True)
class CoauthorLeft(Activity, name="coauthor_left"):
    """Somebody no longer writes the idea along."""

    person_id: int


@dataclass(frozen=True, kw_only=True)
class IdeaImported(Activity, name="idea_imported", colour="idea", icon="lightbulb", step=_l("Eingereicht")):
    """The idea was brought along from another platform."""

    system: str


@dataclass(frozen=True, kw_only=True)
class IdeaAnswered(
    Activity,
    name="idea_answered",
    public=True,
    colour="idea",
    icon="badge-check",
    step=_l("Offizielle Antwort"),
    sentence=_l("hat auf eine Idee geantwortet"),
):
    """Staff answered officially; `status` is where that moved the idea, empty if nowhere."""

    answer_id: int
    status: str
    reason: str

    @property
    def step_title(self) -> str:
        return str(STATUS_LOOK[self.status][2]) if self.status in STATUS_LOOK else _("Offizielle Antwort")

    @property
    def why(self) -> str:
        return self.reason


@dataclass(frozen=True, kw_only=True)
class IdeaConcluded(
    Activity, name="idea_concluded", colour="idea", icon="flag", step=_l("Abschluss der Herausforderung")
):
    """The closing statement of its challenge says what becomes of it; `status` is where that moved it, or empty."""

    answer_id: int
    status: str
    reason: str

    @property
    def step_title(self) -> str:
        word = STATUS_LOOK[self.status][2] if self.status in STATUS_LOOK else self.step
        return str(word)

    @property
    def why(self) -> str:
        return self.reason
