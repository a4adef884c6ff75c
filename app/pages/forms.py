"""Editing a page."""

from typing import Any

from wtforms import Field, HiddenField

from app.kit.forms import Form, area, line, refuse
from app.kit.i18n import lazy_gettext as _l
from app.pages.queries import PageText

BODY = 60_000


class PageForm(Form):
    """Title and body of a page's text, and what was changed in a few words."""

    title = line(_l("Überschrift der Seite"), required=_l("Geben Sie der Seite eine Überschrift."))
    body = area(_l("Text"), required=_l("Eine Seite ohne Text hilft niemandem. Schreiben Sie etwas."), most=BODY)
    note = line(_l("Was haben Sie geändert?"), most=200, hint=_l("Ein paar Worte für die Liste der Versionen."))
    based_on = HiddenField()

    newest: PageText

    def of(self, newest: PageText) -> "PageForm":
        """Edit what is the newest text now."""
        self.newest = newest
        return self

    @classmethod
    def filled(cls, newest: PageText) -> "PageForm":
        """The form as an editor first sees it."""
        start: dict[str, Any] = {"title": newest.title, "body": newest.body, "based_on": str(newest.number)}
        return cls(formdata=None, data=start).of(newest)

    @property
    def is_stale(self) -> bool:
        """Whether somebody else saved a version since this editor opened the form."""
        return self.was_sent and self.based_on.data != str(self.newest.number)

    def validate_based_on(self, field: Field) -> None:
        """Nobody writes over what they have not seen."""
        if self.is_stale and (self.title.data, self.body.data) != (self.newest.title, self.newest.body):
            refuse(_l("Jemand anderes hat diesen Text inzwischen geändert. Bitte vergleichen Sie beide."))

    def to_text(self) -> PageText:
        """What was typed."""
        return PageText(
            key=self.newest.key,
            language=self.newest.language,
            number=0,
            title=self.title.data or "",
            body=self.body.data or "",
            note=self.note.data or "",
        )
