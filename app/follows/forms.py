"""What somebody wants to be mailed about."""

from wtforms import BooleanField

from app.kit.forms import Form
from app.kit.i18n import lazy_gettext as _l


class FollowSettingsForm(Form):
    """A switch for each kind of mail, and one for following what one supports."""

    answers = BooleanField(_l("Offizielle Antworten"))
    steps = BooleanField(_l("Wenn aus einer Idee ein Projekt wird, Geld gesammelt wird oder etwas umgesetzt ist"))
    updates = BooleanField(_l("Neues aus Projekten"))
    posts = BooleanField(_l("Neue Ideen und Herausforderungen von Organisationen"))
    follow_supported = BooleanField(_l("Allem folgen, was ich unterstütze"))
