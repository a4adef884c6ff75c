"""Facts about comments; their subject is the comment, `about_id` what it is about."""

from dataclasses import dataclass

from app.kit.i18n import lazy_gettext as _l
from app.subjects.activities import Activity


@dataclass(frozen=True, kw_only=True)
class CommentPublished(
    Activity,
    name="comment_published",
    public=True,
    colour="quiet",
    icon="message-circle",
    sentence=_l("hat einen Kommentar geschrieben"),
):
    """A comment can be read by everyone."""

    about_id: int


@dataclass(frozen=True, kw_only=True)
class CommentImported(Activity, name="comment_imported"):
    """A public comment was brought along from another platform: no news, but it counts."""

    about_id: int
    system: str


@dataclass(frozen=True, kw_only=True)
class CommentShownAgain(Activity, name="comment_shown_again"):
    """A comment that had been hidden is shown again: no news, but it counts."""

    about_id: int


@dataclass(frozen=True, kw_only=True)
class CommentUnpublished(Activity, name="comment_unpublished"):
    """A comment that could be read no longer can."""

    about_id: int
