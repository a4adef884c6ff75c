"""Flask-Security made to obey this house: our transaction, our outbox, our German.

Its views run in the unit of work like any other (`datastore.commit` does nothing), its mails go into
the outbox of the same transaction, its messages come from our catalogue.
"""

import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, g, session
from flask.typing import ResponseReturnValue
from flask_login import user_logged_in, user_logged_out
from flask_security import MailUtil, Security, SQLAlchemyUserDatastore
from flask_wtf import FlaskForm
from sqlalchemy import ColumnElement, bindparam, inspect, select
from sqlalchemy.orm import make_transient_to_detached

from app.config import Settings
from app.kit import clock, frame, mail
from app.kit.access import PERSON, Access, access, anyone, remember_person, signed_in
from app.kit.db import db
from app.kit.prepared import Prepared


def N_(text: str) -> str:
    """Mark a text for the catalogue without translating it here."""
    return text


MESSAGES = {
    "GENERIC_AUTHN_FAILED": (N_("E-Mail-Adresse oder Passwort stimmen nicht."), "error"),
    "GENERIC_RECOVERY": (
        N_("Wenn es ein Konto mit dieser Adresse gibt, haben wir eine E-Mail dorthin geschickt."),
        "info",
    ),
    "UNAUTHORIZED": (N_("Das dürfen Sie mit Ihrem Konto nicht tun."), "error"),
    "UNAUTHENTICATED": (N_("Bitte melden Sie sich an, um weiterzugehen."), "info"),
    "REAUTHENTICATION_REQUIRED": (N_("Bitte geben Sie zur Sicherheit Ihr Passwort noch einmal ein."), "info"),
    "CONFIRM_REGISTRATION": (
        N_("Fast geschafft: Wir haben eine E-Mail an %(email)s geschickt. Bitte öffnen Sie den Link darin."),
        "success",
    ),
    "CONFIRMATION_REQUEST": (
        N_("Wenn die Adresse %(email)s noch zu bestätigen ist, haben wir eine E-Mail dorthin geschickt."),
        "info",
    ),
    "CONFIRMATION_REQUIRED": (
        N_("Bitte bestätigen Sie zuerst Ihre E-Mail-Adresse: Der Link steht in unserer E-Mail."),
        "error",
    ),
    "CONFIRMATION_EXPIRED": (N_("Der Link ist abgelaufen. Wir haben einen neuen an %(email)s geschickt."), "error"),
    "INVALID_CONFIRMATION_TOKEN": (N_("Dieser Link gilt nicht. Bitte fordern Sie einen neuen an."), "error"),
    "EMAIL_CONFIRMED": (N_("Danke, Ihre E-Mail-Adresse ist bestätigt. Sie können sich jetzt anmelden."), "success"),
    "ALREADY_CONFIRMED": (N_("Ihre E-Mail-Adresse ist schon bestätigt."), "info"),
    "EMAIL_ALREADY_ASSOCIATED": (N_("Zu dieser E-Mail-Adresse gibt es schon ein Konto."), "error"),
    "EMAIL_NOT_PROVIDED": (N_("Geben Sie Ihre E-Mail-Adresse an."), "error"),
    "INVALID_EMAIL_ADDRESS": (N_("Das ist keine gültige E-Mail-Adresse."), "error"),
    "PASSWORD_NOT_PROVIDED": (N_("Geben Sie Ihr Passwort ein."), "error"),
    "PASSWORD_INVALID_LENGTH": (N_("Das Passwort braucht mindestens %(length)s Zeichen."), "error"),
    "PASSWORD_TOO_SIMPLE": (N_("Dieses Passwort ist zu leicht zu erraten."), "error"),
    "PASSWORD_MISMATCH": (N_("Die beiden Passwörter sind verschieden."), "error"),
    "RETYPE_PASSWORD_MISMATCH": (N_("Die beiden Passwörter sind verschieden."), "error"),
    "PASSWORD_IS_THE_SAME": (N_("Das neue Passwort muss anders sein als das alte."), "error"),
    "PASSWORD_RESET": (N_("Ihr neues Passwort gilt, und Sie sind angemeldet."), "success"),
    "PASSWORD_RESET_NO_LOGIN": (N_("Ihr neues Passwort gilt. Bitte melden Sie sich damit an."), "success"),
    "PASSWORD_RESET_EXPIRED": (N_("Der Link ist abgelaufen. Wir haben einen neuen an %(email)s geschickt."), "error"),
    "PASSWORD_RESET_REQUEST": (
        N_("Wenn es ein Konto mit der Adresse %(email)s gibt, haben wir eine E-Mail dorthin geschickt."),
        "info",
    ),
    "INVALID_RESET_PASSWORD_TOKEN": (N_("Dieser Link gilt nicht mehr. Bitte fordern Sie einen neuen an."), "error"),
    "PASSWORD_CHANGE": (N_("Ihr Passwort ist geändert."), "success"),
    "LOGIN": (N_("Bitte melden Sie sich an."), "info"),
    "REFRESH": (N_("Bitte melden Sie sich noch einmal an."), "info"),
    "FORGOT_PASSWORD": (N_("Passwort vergessen?"), "info"),
    "INVALID_PASSWORD": (N_("E-Mail-Adresse oder Passwort stimmen nicht."), "error"),
    "INVALID_PASSWORD_CODE": (N_("E-Mail-Adresse oder Passwort stimmen nicht."), "error"),
    "USER_DOES_NOT_EXIST": (N_("E-Mail-Adresse oder Passwort stimmen nicht."), "error"),
    "PASSWORD_NOT_SET": (N_("Für dieses Konto ist kein Passwort gesetzt."), "error"),
    "DISABLED_ACCOUNT": (N_("Dieses Konto ist geschlossen."), "error"),
    "ANONYMOUS_USER_REQUIRED": (N_("Sie sind schon angemeldet."), "info"),
    "INVALID_REDIRECT": (N_("Dieser Link führt von der Plattform weg. Bitte versuchen Sie es ohne ihn."), "error"),
    "API_ERROR": (N_("Das lässt sich nicht lesen. Bitte versuchen Sie es noch einmal."), "error"),
    "FAILED_TO_SEND_CODE": (
        N_("Die E-Mail konnte nicht geschickt werden. Bitte versuchen Sie es später noch einmal."),
        "error",
    ),
}
SUBJECTS = {
    "REGISTER": N_("Bitte bestätigen Sie Ihre E-Mail-Adresse"),
    "CONFIRM": N_("Bitte bestätigen Sie Ihre E-Mail-Adresse"),
    "PASSWORD_RESET": N_("Ein neues Passwort wählen"),
    "PASSWORD_NOTICE": N_("Ihr Passwort wurde neu gesetzt"),
    "PASSWORD_CHANGE_NOTICE": N_("Ihr Passwort wurde geändert"),
}
OPTIONS = {
    "SECURITY_REGISTERABLE": True,
    "SECURITY_CONFIRMABLE": True,
    "SECURITY_RECOVERABLE": True,
    "SECURITY_CHANGEABLE": True,
    "SECURITY_USE_REGISTER_V2": True,
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_AUTO_LOGIN_AFTER_RESET": False,
    "SECURITY_PASSWORD_HASH": "argon2",
    # OWASP's smallest recommendation for argon2id: 19 MiB, two passes, one lane.
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
        "argon2__memory_cost": 19456,
        "argon2__rounds": 2,
        "argon2__parallelism": 1,
    },
    "SECURITY_PASSWORD_SINGLE_HASH": True,
    "SECURITY_PASSWORD_LENGTH_MIN": 10,
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_CHANGE_URL": "/account/password",
    "SECURITY_RESET_URL": "/account/reset",
    "SECURITY_CONFIRM_URL": "/account/confirm",
    "SECURITY_POST_CONFIRM_VIEW": "/login",
    "SECURITY_POST_LOGIN_VIEW": "/continue",
    "SECURITY_POST_REGISTER_VIEW": "/login",
    "SECURITY_CONFIRM_EMAIL_WITHIN": timedelta(days=5),
    "SECURITY_RESET_PASSWORD_WITHIN": timedelta(days=1),
    "SECURITY_EMAIL_HTML": False,
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False, "test_environment": True},
    "SECURITY_DATETIME_FACTORY": clock.now,
    # Of the address, or of the argon2 hash, within a signed token: one digest is enough there.
    "SECURITY_HASHING_SCHEMES": ["hex_sha256"],
    "SECURITY_DEPRECATED_HASHING_SCHEMES": [],
    "SECURITY_I18N_DOMAIN": "messages",
    "SECURITY_STATIC_FOLDER": None,
    "SECURITY_CSRF_IGNORE_UNAUTH_ENDPOINTS": False,
}
# The rule of each view that comes with the library; its GETs that write are the links in mails.
LIBRARY_VIEWS = {
    "static": Access(anyone),
    "security.login": Access(anyone, hashes_first=True),
    "security.logout": Access(anyone),
    "security.register": Access(anyone, hashes_first=True),
    "security.forgot_password": Access(anyone),
    "security.reset_password": Access(anyone, writes=True),
    "security.send_confirmation": Access(anyone),
    "security.confirm_email": Access(anyone, writes=True),
    "security.change_password": Access(signed_in),
}


_known: dict[str, Callable[[], ColumnElement[Any]]] = {}


class Judged:
    """A library's form that can be asked after the view whether it was refused."""

    def validate(self, **options: Any) -> bool:
        """As the library does."""
        g.library_form = self
        return bool(super().validate(**options))  # type: ignore[misc]


def form_was_refused() -> bool:
    """Whether the form of this request shows errors; a generic answer ("if there is an account …") shows none."""
    return bool(getattr(g.get("library_form"), "errors", None))


def knows(name: str, column: Callable[[], ColumnElement[Any]]) -> None:
    """Say what is asked along with the person whose session a request is, and kept as their attribute `name`.

    Plain values: whatever makes the session read its rows anew has to drop them.
    """
    _known[name] = column


class Datastore(SQLAlchemyUserDatastore):
    """People in our session; the unit of work commits, not the library."""

    def commit(self) -> None:
        """Do nothing: `kit.db` commits."""

    def find_user(self, case_insensitive: bool = False, **wanted: Any) -> Any:
        """As the library does; whose session it is, together with the `frame` of the page they ask for."""
        if case_insensitive or "fs_uniquifier" not in wanted:
            return super().find_user(case_insensitive, **wanted)
        model: Any = self.user_model
        rows = _whose_session.rows({"key": wanted["fs_uniquifier"]}, model, frame.is_kept())
        if not rows:
            return None
        frame.keep(rows[0])
        return _person(model, rows[0])


def _asked(model: Any, with_frame: bool) -> Any:
    own = (getattr(model, one.key).label(f"own_{one.key}") for one in inspect(model).column_attrs)
    known = (column().label(f"known_{name}") for name, column in _known.items())
    found = select(*own, *known, *(frame.columns() if with_frame else ()))
    return found.where(model.fs_uniquifier == bindparam("key"))


_whose_session = Prepared(_asked)


def _person(model: Any, row: Any) -> Any:
    """The mapped person of a row, as the session would load it, which takes as long as a fifth of a page."""
    mapper = inspect(model)
    if (loaded := db.session.identity_map.get(mapper.identity_key_from_primary_key((row.own_id,)))) is not None:
        return loaded
    person = mapper.class_manager.new_instance()
    own = [one.key for one in mapper.column_attrs]
    vars(person).update(zip(own, row, strict=False))  # in the order they are asked for
    make_transient_to_detached(person)
    vars(person).update(zip(_known, row[len(own) :], strict=False))
    db.session.add(person)
    return person


class OutboxMailUtil(MailUtil):
    """Hands the library's mails to the outbox."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: Any,
        sender: Any,
        body: str | None,
        html: str | None,
        **context: Any,
    ) -> None:
        mail.post(
            f"security:{secrets.token_hex(16)}", to=str(recipient), subject=str(subject), text=(body or "").strip()
        )


def _remember(_app: Flask, user: Any, **_more: Any) -> None:
    remember_person(user.id)


def _forget(_app: Flask, **_more: Any) -> None:
    """Whoever signs out leaves nothing in the browser but what is still to be said, and not to be remembered.

    A guest who confirms an address is signed out as well, and goes on with what they had begun.
    """
    for name in set(session) - {"_flashes", "_remember"} if PERSON in session else ():
        session.pop(name)


def _end_empty_session(response: Response) -> Response:
    """Let go of the session's cookie when all it says is that nobody is signed in, as Flask-Login puts it in."""
    if session.get("_fresh") is False and len(session) == 1:
        session.clear()
    return response


@access(anyone)
def unused() -> ResponseReturnValue:
    """A library's page this platform does not offer."""
    abort(404)


def start(
    app: Flask, settings: Settings, datastore: Datastore, forms: dict[str, type[FlaskForm]], catalogues: Path
) -> None:
    """Configure Flask-Security with our addresses, words, forms and limits."""
    app.config |= OPTIONS | {"SECURITY_EMAIL_SENDER": settings.mail_from, "SECURITY_I18N_DIRNAME": str(catalogues)}
    if settings.environment == "testing":  # thousands of sign-ins, none worth guessing
        app.config["SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"] = {"argon2__memory_cost": 64, "argon2__rounds": 1}
    app.config |= {f"SECURITY_MSG_{name}": value for name, value in MESSAGES.items()}
    app.config |= {f"SECURITY_EMAIL_SUBJECT_{name}": value for name, value in SUBJECTS.items()}
    user_logged_in.connect(_remember, app)
    user_logged_out.connect(_forget, app)
    app.after_request(_end_empty_session)  # after the library's own: hooks run last first
    Security(app, datastore, mail_util_cls=OutboxMailUtil, **forms)  # type: ignore[arg-type]
    # Nobody signs in by a token in a header or an address; and rules ask the person, not a library's list of needs.
    app.login_manager.request_loader(lambda _request: None)  # type: ignore[attr-defined]
    library, hooks = app.extensions["security"].principal, app.before_request_funcs[None]
    hooks[:] = [hook for hook in hooks if getattr(hook, "__self__", None) is not library]
    app.view_functions["security.verify"] = unused  # it asks for a password again; nothing here needs that yet
