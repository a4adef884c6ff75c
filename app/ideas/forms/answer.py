"""Answering officially."""

from typing import Any

from wtforms import SelectField

from app.ideas.activities import STATUS_LOOK
from app.kit.forms import Choice, Form, area
from app.kit.i18n import lazy_gettext as _l

# Where an official answer may move an idea; "project" happens by making one, "submitted" is the start.
ANSWER_STATUSES = ("in_discussion", "under_review", "shortlisted", "not_pursued")


class AnswerForm(Form):
    """An official answer, and where it moves the idea."""

    body = area(
        _l("Ihre Antwort"), required=_l("Schreiben Sie, was Sie den Menschen hinter der Idee sagen möchten."), most=4000
    )
    status = SelectField(_l("Stand der Idee danach"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stays = Choice("", _l("bleibt, wie er ist"))
        self.status.choices = [stays, *[Choice(key, STATUS_LOOK[key][2]) for key in ANSWER_STATUSES]]
