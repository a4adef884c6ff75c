"""Signing in, joining, leaving: our words and fields on the library's forms."""

from typing import Any

from flask import request
from flask_security.forms import (
    ChangePasswordForm,
    ForgotPasswordForm,
    LoginForm,
    RegisterFormV2,
    ResetPasswordForm,
    SendConfirmationForm,
)
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, PasswordField, SelectField, StringField, SubmitField
from wtforms.validators import DataRequired, InputRequired, Length

from app.accounts.models import User
from app.config import LOOPBACK
from app.kit.forms import Choice, Form
from app.kit.i18n import LANGUAGES
from app.kit.i18n import lazy_gettext as _l
from app.kit.security import Judged
from app.kit.text import clean_line
from app.kit.web import settings

NAME_LENGTH = 80
PASSWORD_LENGTH = 1000  # characters; the hash takes 4096 bytes


class SignInForm(Judged, LoginForm):
    """E-mail address and password."""

    email = EmailField(
        _l("E-Mail-Adresse"),
        [DataRequired(_l("Geben Sie Ihre E-Mail-Adresse an."))],
        render_kw={"autocomplete": "username"},
    )
    password = PasswordField(
        _l("Passwort"),
        [InputRequired(_l("Geben Sie Ihr Passwort ein.")), Length(max=PASSWORD_LENGTH)],
        render_kw={"autocomplete": "current-password"},
    )
    remember = BooleanField(_l("Angemeldet bleiben"))
    submit = SubmitField(_l("Anmelden"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password.description = ""

    def validate(self, **kwargs: Any) -> bool:
        if not super().validate(**kwargs):
            if self.user_authenticated:  # whoever knows the password may know what is missing
                self.form_errors, self.email.errors = list(self.email.errors), []
            return False
        if isinstance(self.user, User) and self.user.is_demo and not _demo_may_enter():
            self.password.errors = [_l("E-Mail-Adresse oder Passwort stimmen nicht.")]
            return False
        return True


class JoinForm(Judged, RegisterFormV2):
    """A name that is shown, an address that is not, and a password."""

    name = StringField(
        _l("Ihr Name"),
        [
            DataRequired(_l("Geben Sie an, wie Sie heißen möchten.")),
            Length(max=NAME_LENGTH, message=_l("Höchstens %(max)d Zeichen, bitte.")),
        ],
        filters=[clean_line],
        description=_l("So steht er bei Ihren Ideen und Kommentaren. Es muss nicht Ihr voller Name sein."),
        render_kw={"autocomplete": "name", "maxlength": NAME_LENGTH},
    )
    email = EmailField(
        _l("E-Mail-Adresse"),
        [DataRequired(_l("Geben Sie Ihre E-Mail-Adresse an.")), *RegisterFormV2.email.kwargs["validators"][1:]],
        description=_l("Niemand sieht sie. Wir schicken Ihnen gleich einen Link zur Bestätigung."),
        render_kw={"autocomplete": "email"},
    )
    submit = SubmitField(_l("Konto anlegen"))


class ForgotForm(Judged, ForgotPasswordForm):
    """Ask for a link to choose a new password."""

    submit = SubmitField(_l("Link schicken"))


class ResetForm(Judged, ResetPasswordForm):
    """Choose a new password."""

    submit = SubmitField(_l("Neues Passwort speichern"))


class ChangeForm(Judged, ChangePasswordForm):
    """Change the password, knowing the old one."""

    password = PasswordField(
        _l("Bisheriges Passwort"),
        [InputRequired(_l("Geben Sie Ihr Passwort ein.")), Length(max=PASSWORD_LENGTH)],
        render_kw={"autocomplete": "current-password"},
    )
    submit = SubmitField(_l("Passwort ändern"))


class ConfirmForm(Judged, SendConfirmationForm):
    """Ask for the confirmation mail again."""

    submit = SubmitField(_l("Bestätigung noch einmal schicken"))


class DeleteAccountForm(Form):
    """Leaving for good, confirmed by hand."""

    sure = BooleanField(
        _l("Ja, mein Konto soll gelöscht werden."), [InputRequired(_l("Bitte bestätigen Sie das Löschen."))]
    )
    submit = SubmitField(_l("Konto endgültig löschen"))


class LanguageForm(Form):
    """The language of the mails somebody gets."""

    language = SelectField(
        _l("Sprache der E-Mails an Sie"), choices=[Choice(code, name) for code, name in LANGUAGES.items()]
    )


FORMS: dict[str, type[FlaskForm]] = {
    "login_form": SignInForm,
    "register_form": JoinForm,
    "forgot_password_form": ForgotForm,
    "reset_password_form": ResetForm,
    "change_password_form": ChangeForm,
    "send_confirmation_form": ConfirmForm,
}


def _demo_may_enter() -> bool:
    """Demo passwords are printed at start: they work on the developer's own machine only."""
    return settings().demo_people_may_sign_in and request.host.rsplit(":", 1)[0].strip("[]") in LOOPBACK
