"""Errors become HTTP and text here, in one place; an error page gives back what was typed."""

from collections.abc import Callable
from typing import Any

from flask import Flask, Response, current_app, make_response, redirect, render_template, request, url_for
from flask_limiter import RateLimitExceeded
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError

from app.kit import drafts
from app.kit.access import current_actor, declared
from app.kit.db import let_go, unit_of_work
from app.kit.errors import Busy, DomainError, SignInFirst
from app.kit.i18n import gettext as _
from app.kit.i18n import ngettext
from app.kit.limits import seconds_to_wait
from app.kit.logs import log
from app.kit.salvage import typed_beside_files
from app.kit.web import came_from, htmx, is_writing, redirect_to, settings

ECHOED_CHARACTERS = 400_000
_resolve: list[Callable[[], str | None]] = []


def start(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(SignInFirst, ask_to_sign_in)
    app.register_error_handler(DomainError, show_domain_error)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(RateLimitExceeded, ask_to_wait)
    app.register_error_handler(ObjectDeletedError, lambda _error: page(409))
    app.register_error_handler(StaleDataError, lambda _error: page(409))
    app.register_error_handler(OperationalError, show_unavailable)
    app.register_error_handler(Exception, show_failure)


def ask_to_sign_in(_error: SignInFirst) -> Response:
    """What a guest wrote is kept as a draft of this browser while they sign in; a page is shown after."""
    view = declared(current_app.view_functions.get(request.endpoint or ""))
    if not is_writing():
        target = request.full_path.rstrip("?")
    elif view is not None and view.keeps:
        try:
            target = _keep_as_draft()
        except DomainError as refusal:  # too long
            return show_domain_error(refusal)
    else:
        target = "/"
    return redirect_to(url_for("security.login", next=target))


def _keep_as_draft() -> str:
    with unit_of_work():
        fields = drafts.without_files(drafts.typed_fields(request.form), request.files)
        draft = drafts.save_draft(fields, address=request.path, title=_longest(fields), by=current_actor())
        drafts.hold(draft.token)
        return url_for("drafts.resume", token=draft.token)


def ask_before_404(resolve: Callable[[], str | None]) -> None:
    """Say where what is not at an address stands now: an upper package knows, the tool-shed does not."""
    _resolve[:] = [resolve]


def show_domain_error(error: DomainError) -> Response:
    response = (_moved() if error.status == 404 else None) or page(error.status, str(error.message or ""), error.way)
    if isinstance(error, Busy):
        response.headers["Retry-After"] = "5"
    return response


def show_http_error(error: HTTPException) -> Response:
    if error.response is not None or (error.code and error.code < 400):
        return make_response(error.get_response())
    response = (_moved() if error.code == 404 else None) or page(error.code or 500)
    if error.code == 405:
        response.headers["Allow"] = ", ".join(getattr(error, "valid_methods", None) or ["GET"])
    return response


def show_unavailable(error: OperationalError) -> Response:
    """The database is away or busy: that passes."""
    log.error("database unavailable", error=type(error.orig).__name__)
    response = page(503)
    response.headers["Retry-After"] = "10"
    return response


def ask_to_wait(_error: RateLimitExceeded) -> Response:
    """Too much at once: say for how long it is too much."""
    seconds = seconds_to_wait()
    minutes = (seconds + 59) // 60
    words = ngettext(
        "Bitte warten Sie eine Minute und senden Sie es dann noch einmal.",
        "Bitte warten Sie %(num)s Minuten und senden Sie es dann noch einmal.",
        minutes,
    )
    response = page(429, words)
    response.headers["Retry-After"] = str(seconds)
    return response


def show_failure(error: Exception) -> Response:
    """A mistake of ours: logged with its trace, shown without."""
    log.exception("unhandled error", error=type(error).__name__)
    return page(500)


def page(code: int, text: str = "", way: tuple[str, str] | None = None) -> Response:
    """An error page like the rest of the site, with the typed text and a way to send it again; for htmx its words."""
    let_go()
    titles = _titles()
    title, default = titles.get(code, titles[400 if code < 500 else 500])
    if htmx:  # the page stays as it is; static/js/site.js says this in it
        return Response(f"{title}. {text or default}", code, mimetype="text/plain")
    fields = _echoed()
    context: dict[str, Any] = {"code": code, "title": title, "text": text or default, "fields": fields}
    context["action"] = request.full_path.rstrip("?") if fields else None
    context |= {"way": way, "back": came_from(), "again": request.full_path.rstrip("?") if _passes(code) else ""}
    return make_response(_rendered(context), code)


def _passes(code: int) -> bool:
    """Whether asking for the same page again may help."""
    return code in (429, 500, 503) and not is_writing()


def _moved() -> Response | None:
    """To where an old link leads today (301), or why not (404, 410); None if nothing is known of it."""
    if request.method not in ("GET", "HEAD") or request.endpoint == "static" or not _resolve:
        return None
    let_go()
    try:
        address = _resolve[0]()
    except DomainError as error:
        return page(error.status, str(error.message or ""))
    except OperationalError as error:
        return show_unavailable(error)
    return make_response(redirect(address, 301)) if address else None


def _rendered(context: dict[str, Any]) -> str:
    if isinstance(request.routing_exception, SecurityError):  # asked for another host: no address can be built for it
        return render_template("errors/plain.html", **context)
    try:
        return render_template("errors/error.html", **context)
    except Exception as error:  # the layout asks the database who reads; that may be what is away
        log.error("plain error page", error=type(error).__name__)
        current_app.login_manager._update_request_context_with_user()  # type: ignore[attr-defined] # nobody, unasked
        return render_template("errors/plain.html", **context)


def _echoed() -> drafts.Fields:
    if request.method in ("GET", "HEAD"):
        return []
    try:
        form: MultiDict[str, str] = request.form
    except RequestEntityTooLarge:
        form = typed_beside_files(request.environ)
    except HTTPException:  # cut off
        return []
    fields = [(name, value.replace("\0", "")) for name, value in drafts.typed_fields(form)]
    return fields if sum(len(value) for _name, value in fields) < ECHOED_CHARACTERS else []


def _longest(fields: drafts.Fields) -> str:
    return max((value for _name, value in fields), key=len, default="")


def _titles() -> dict[int, tuple[str, str]]:
    return _refusals() | {
        413: (
            _("Das ist zu groß"),
            _(
                "Text, Bilder und Dateien dürfen zusammen höchstens %(most)s MB haben. Mit „Zurück“ im Browser kommen "
                "Sie zu Ihrem Text und können weniger auswählen.",
                most=settings().max_upload_mb,
            ),
        ),
        422: (_("Da fehlt noch etwas"), _("Bitte prüfen Sie Ihre Angaben.")),
        429: (
            _("Das war etwas viel auf einmal"),
            _("Bitte warten Sie ein wenig und senden Sie es dann noch einmal."),
        ),
        500: (_("Uns ist ein Fehler passiert"), _("Wir sehen uns das an. Bitte versuchen Sie es gleich noch einmal.")),
        503: (_("Gerade nicht erreichbar"), _("Die Plattform ist in wenigen Augenblicken wieder da.")),
    }


def _refusals() -> dict[int, tuple[str, str]]:
    return {
        400: (_("Das hat nicht geklappt"), _("Die Anfrage war unvollständig oder nicht lesbar.")),
        403: (_("Das dürfen Sie hier nicht"), _("Ihr Konto hat dafür keine Rechte.")),
        404: (
            _("Hinter dieser Tür ist nichts"),
            _("Die Seite gibt es nicht, oder sie ist nicht öffentlich. Vielleicht hat sich ein Zeichen verirrt."),
        ),
        405: (_("Das geht auf diesem Weg nicht"), _("Bitte benutzen Sie die Schaltflächen der Seite.")),
        409: (
            _("Inzwischen hat sich etwas geändert"),
            _("Bitte laden Sie die Seite neu und versuchen Sie es noch einmal."),
        ),
        410: (_("Das ist nicht mehr öffentlich"), _("Dieser Inhalt wurde zurückgezogen, ausgeblendet oder gelöscht.")),
    }
