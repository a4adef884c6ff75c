"""Writing a comment."""

from wtforms import HiddenField

from app.kit.forms import area
from app.kit.i18n import lazy_gettext as _l
from app.kit.web import MAX_ID
from app.organisations.forms import Speaking


class CommentForm(Speaking):
    """A comment, or a reply to one."""

    body = area(
        _l("Ihr Kommentar"),
        required=_l("Schreiben Sie etwas, bevor Sie den Kommentar veröffentlichen."),
        most=4000,
        rows=3,
    )
    parent = HiddenField()

    @property
    def parent_id(self) -> int | None:
        """The comment answered to; a value that is no id counts as none that exists."""
        text = self.parent.data or ""
        if not text:
            return None
        return int(text) if text.isascii() and text.isdigit() and int(text) <= MAX_ID else 0
