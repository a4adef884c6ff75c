"""Projects as a reader may see them."""

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.accounts.models import User
from app.ideas.models import Idea
from app.kit import clock
from app.kit.actor import Actor, is_staff
from app.kit.db import db
from app.kit.errors import Gone, NotFound
from app.kit.paging import Page, counted, page_of
from app.kit.searching import Search
from app.places.models import Place
from app.projects import policy
from app.projects.models import Project, ProjectState, ProjectUpdate
from app.subjects.models import LinkKind, SubjectLink
from app.subjects.queries import linked

PAGE = 12
UPDATES = 5
TWINS = timedelta(minutes=10)


def project_for(reader: Actor, project_id: int) -> Project:
    """A project as this reader may see it.

    Raises:
        NotFound: none.
        Gone: hidden since.
    """
    project = db.session.scalars(select(Project).where(Project.id == project_id).options(*_card())).first()
    if project is None:
        raise NotFound
    if not policy.can_see(reader, project):
        raise Gone.since(project.state, project.state_reason)
    return project


def projects_for(reader: Actor, project_ids: Collection[int]) -> Sequence[Project]:
    """Several projects, those the reader may see."""
    found = select(Project).where(Project.id.in_(project_ids), _visible(reader)).options(*_card(joinedload))
    return db.session.scalars(found).unique().all()


def project_headings(reader: Actor, ids: Any) -> Any:
    """What lines say of several, those the reader may see."""
    return select(Project.id, Project.title, Project.slug).where(Project.id.in_(ids), _visible(reader))


def visible_projects(reader: Actor) -> Select[int]:
    """The ids of the projects the reader may see, for the condition of another statement."""
    return select(Project.id).where(_visible(reader))


def newest_projects(size: int) -> Sequence[Project]:
    """The newest public projects, without counting all."""
    public = select(Project).where(Project.state == ProjectState.PUBLISHED.value).options(*_card())
    return db.session.scalars(public.order_by(Project.published_at.desc(), Project.id.desc()).limit(size)).all()


def list_projects(
    status: str = "", topic_id: int | None = None, words: str = "", after: str | None = None, size: int = PAGE
) -> Page[Project]:
    """Public projects, newest first; with `words` those the search finds."""
    statement = select(Project).where(Project.state == ProjectState.PUBLISHED.value)
    if status:
        statement = statement.where(Project.status == status)
    if topic_id:
        statement = statement.where(Project.topic_id == topic_id)
    if words:
        statement = statement.where(Project.id.in_(Search(words).all_ids("project")))
    page = page_of(statement.options(*_card()), (Project.published_at, Project.id), after=after, size=size)
    return counted(page, statement)


def projects_as(organisation_id: int, size: int) -> Sequence[Project]:
    """Public projects made of ideas of an organisation, newest first."""
    made = select(SubjectLink.to_id).join(Idea, Idea.id == SubjectLink.from_id)
    made = made.where(Idea.organisation_id == organisation_id, SubjectLink.kind == LinkKind.BECAME.value)
    own = select(Project).where(Project.state == ProjectState.PUBLISHED.value, Project.id.in_(made)).options(*_card())
    return db.session.scalars(own.order_by(Project.published_at.desc(), Project.id.desc()).limit(size)).all()


def ideas_behind(project_id: int) -> list[int]:
    """The ids of the ideas a project was made of."""
    return [idea_id for idea_id, to_id in linked([project_id], LinkKind.BECAME) if to_id == project_id]


def updates_of(project_id: int, after: str | None = None) -> Page[ProjectUpdate]:
    """The news of a project, newest first."""
    own = select(ProjectUpdate).where(ProjectUpdate.project_id == project_id)
    return page_of(own, (ProjectUpdate.id,), after=after, size=UPDATES)


def update_for(reader: Actor, update_id: int) -> ProjectUpdate:
    """News of a project, as visible as the project.

    Raises:
        NotFound: none. Gone: of a hidden project.
    """
    update = db.session.get(ProjectUpdate, update_id)
    if update is None:
        raise NotFound
    project_for(reader, update.project_id)
    return update


def twin_of(actor: Actor, project_id: int, body: str) -> ProjectUpdate | None:
    """What the person told about the project within ten minutes in the same words; locks their row (PostgreSQL)."""
    db.session.execute(select(User.id).where(User.id == actor.id).with_for_update())
    same = select(ProjectUpdate).where(ProjectUpdate.author_id == actor.id, ProjectUpdate.project_id == project_id)
    recent = same.where(ProjectUpdate.body == body, ProjectUpdate.created_at > clock.now() - TWINS)
    return db.session.scalars(recent.limit(1)).unique().first()


@cache
def _card(pictures: Callable[..., Any] = selectinload) -> tuple[ORMOption, ...]:
    place = joinedload(Project.place).joinedload(Place.parent)
    return (
        joinedload(Project.topic),
        place,
        joinedload(Project.responsible, innerjoin=True),
        pictures(Project.pictures),
    )


def _visible(reader: Actor) -> ColumnElement[bool]:
    return Project.id.is_not(None) if is_staff(reader) else Project.state == ProjectState.PUBLISHED.value
