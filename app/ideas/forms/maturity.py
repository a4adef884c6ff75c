"""Saying how far an idea is, and what it needs."""

from wtforms import RadioField, SelectMultipleField
from wtforms.widgets import CheckboxInput

from app.ideas.activities import NEED_WORDS, STAGE_WORDS
from app.ideas.models import Need
from app.kit.forms import Choice, Form
from app.kit.i18n import lazy_gettext as _l

UNSAID = Choice("", _l("Möchte ich offen lassen"))


class SaysStage(Form):
    """A form that asks how far an idea is and what it needs; nobody has to say."""

    stage = RadioField(
        _l("Wie weit ist die Idee?"),
        choices=[*(Choice(key, words) for key, words in STAGE_WORDS.items()), UNSAID],
        default="",
    )
    needs = SelectMultipleField(
        _l("Wobei brauchen Sie Hilfe?"),
        choices=[Choice(key, words, {"data-icon": icon}) for key, (icon, words) in NEED_WORDS.items()],
        option_widget=CheckboxInput(),
    )

    @property
    def needed(self) -> int:
        """The sum of what was ticked."""
        return sum(Need[key.upper()] for key in set(self.needs.data or ()))
