"""Who may do what with projects."""

from app.kit.actor import Actor, is_member, is_staff
from app.projects.models import Project, ProjectState, ProjectStatus, ProjectUpdate


def can_see(actor: Actor, project: Project) -> bool:
    """Everyone what is public; staff the rest too."""
    return project.state == ProjectState.PUBLISHED or is_staff(actor)


def can_link_campaign(actor: Actor, project: Project) -> bool:
    """Staff, on what is public."""
    return is_staff(actor) and project.state == ProjectState.PUBLISHED


def can_conclude(actor: Actor, project: Project) -> bool:
    """Staff, once."""
    return is_staff(actor) and project.state == ProjectState.PUBLISHED and project.status != ProjectStatus.REALISED


def can_tell(actor: Actor, project: Project) -> bool:
    """Staff and the responsible person write its news, also after its end."""
    return is_member(actor) and project.state == ProjectState.PUBLISHED and _accompanies(actor, project)


def can_change_update(actor: Actor, update: ProjectUpdate) -> bool:
    """Whoever may write news of the project may change and delete them."""
    return can_tell(actor, update.project)


def _accompanies(actor: Actor, project: Project) -> bool:
    return is_staff(actor) or (actor.is_signed_in and actor.id == project.responsible_id)
