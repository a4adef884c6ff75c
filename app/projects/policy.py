"""Who may do what with projects."""

from app.kit.actor import Actor, is_staff
from app.projects.models import Project, ProjectState, ProjectStatus


def can_see(actor: Actor, project: Project) -> bool:
    """Everyone what is public; staff the rest too."""
    return project.state == ProjectState.PUBLISHED or is_staff(actor)


def can_link_campaign(actor: Actor, project: Project) -> bool:
    """Staff, on what is public."""
    return is_staff(actor) and project.state == ProjectState.PUBLISHED


def can_conclude(actor: Actor, project: Project) -> bool:
    """Staff, once."""
    return is_staff(actor) and project.state == ProjectState.PUBLISHED and project.status != ProjectStatus.REALISED
