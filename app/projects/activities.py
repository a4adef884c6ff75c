"""Facts about projects."""

from dataclasses import dataclass

from app.kit.i18n import lazy_gettext as _l
from app.subjects.activities import Activity


@dataclass(frozen=True, kw_only=True)
class ProjectStarted(
    Activity,
    name="project_started",
    public=True,
    colour="project",
    icon="sprout",
    step=_l("Wird ein Projekt"),
    sentence=_l("hat aus einer Idee ein Projekt gemacht"),
):
    """One or more ideas became a project."""

    idea_ids: list[int]
    reason: str

    @property
    def why(self) -> str:
        return self.reason


@dataclass(frozen=True, kw_only=True)
class ProjectRealised(
    Activity,
    name="project_realised",
    public=True,
    colour="result",
    icon="flag",
    step=_l("Umgesetzt"),
    sentence=_l("hat berichtet, was aus einem Projekt geworden ist"),
):
    """The project reached its result."""

    outcome: str

    @property
    def why(self) -> str:
        return self.outcome


@dataclass(frozen=True, kw_only=True)
class ProjectUpdated(
    Activity,
    name="project_updated",
    public=True,
    colour="project",
    icon="sprout",
    sentence=_l("hat Neues aus einem Projekt berichtet"),
):
    """Those who accompany the project told how it is going."""

    update_id: int


@dataclass(frozen=True, kw_only=True)
class UpdateEdited(Activity, name="project_update_edited"):
    """The text of an update was changed: no news."""

    update_id: int


@dataclass(frozen=True, kw_only=True)
class UpdateDeleted(Activity, name="project_update_deleted"):
    """An update was taken away."""

    update_id: int


@dataclass(frozen=True, kw_only=True)
class ProjectHidden(Activity, name="project_hidden"):
    """The project is no longer public."""
