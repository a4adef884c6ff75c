"""HTTP manners: converters, refused input, headers, requests from other sites, answers for htmx."""

import re
from collections.abc import Iterable
from typing import Any, cast
from urllib.parse import parse_qsl, quote_plus

from flask import Flask, Response, current_app, flash, g, make_response, render_template, request, session
from flask_htmx import HTMX
from flask_wtf.csrf import CSRFProtect, generate_csrf
from markupsafe import Markup
from werkzeug.routing import IntegerConverter, UnicodeConverter, ValidationError

from app.config import Settings
from app.kit.access import current_actor, declared
from app.kit.errors import DomainError
from app.kit.here import application, asked, environ, noted, varies
from app.kit.i18n import gettext as _
from app.kit.text import split_address


class Htmx(HTMX):  # type: ignore[misc]
    """The library's, which is asked several times for each request: past the stand-ins for the request."""

    def __bool__(self) -> bool:
        return environ().get("HTTP_HX_REQUEST") == "true"


htmx = Htmx()
csrf = CSRFProtect()

CONTENT_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
# In UTF-8: controls but tab and ends of lines, DEL and C1, U+FDD0 to U+FDEF, the last two of each plane.
UNWRITABLE = re.compile(
    rb"[\x00-\x08\x0b\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xef\xb7[\x90-\xaf]|\xef\xbf[\xbe\xbf]"
    rb"|[\xf0-\xf4][\x8f\x9f\xaf\xbf]\xbf[\xbe\xbf]"
)
# What all these begin with: what is left of most pages without the others is a few signs such as "·".
UNSUSPICIOUS = bytes({*range(256)} - {*range(32), 127, 0xC2, 0xEF, *range(0xF0, 0xF5)} | {*b"\t\n\f\r"})
SECOND_CONTROLS = re.compile(rb"\xc2[\x80-\x9f]")
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_HEADERS = {name.lower(): (name, value) for name, value in HEADERS.items()}
MAX_ID = 2**63 - 1
COME_BACK = "come_back_to"


class IdConverter(IntegerConverter):
    """An id in an address, bounded to what the database can hold (63 bits)."""

    regex = r"\d{1,19}"

    def to_python(self, value: str) -> int:
        number = super().to_python(value)
        if number > MAX_ID:
            raise ValidationError
        return int(number)


class SlugConverter(UnicodeConverter):
    """The readable part of an address; a wrong one is redirected, so it may be anything."""

    regex = r"[^/]*"


class BadInput(DomainError):
    """Bytes no browser sends on its own: NUL or broken UTF-8."""

    status = 400


class ForeignRequest(DomainError):
    """A form of another site, or one whose token has gone stale."""

    status = 400


def start(app: Flask) -> None:
    """Register converters, checks and headers."""
    app.url_map.converters |= {"id": IdConverter, "slug": SlugConverter}
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    htmx.init_app(app)
    csrf.init_app(app)
    app.before_request(refuse_broken_text)
    app.before_request(refuse_foreign_requests)
    app.after_request(add_headers)
    app.after_request(mark_what_no_page_may_hold)
    app.jinja_env.globals |= {"csrf_field": csrf_field, "htmx": htmx, "here_with": here_with}


def settings() -> Settings:
    """The settings of the running application."""
    value: Settings = current_app.extensions["settings"]
    return value


def refuse_broken_text() -> None:
    """NUL and broken UTF-8 reach neither database nor page.

    Raises:
        BadInput: in path, query, form or a file's name.
    """
    here = asked()
    texts = [here.path, *(_flat(here.args.lists()) if here.query_string else ())]
    if is_writing():
        texts += _flat(here.form.lists())
        texts += [file.filename or "" for file in here.files.values()]
    # Werkzeug decodes with errors="replace": U+FFFD stands where the bytes were no UTF-8.
    if any("\0" in text or "\ufffd" in text for text in texts):
        raise BadInput(_("Die Anfrage enthält Zeichen, die sich nicht lesen lassen."))


def refuse_foreign_requests() -> None:
    """Writing requests come from our own pages: same origin for everyone, and the session's token for members.

    The exception is a view that declares `from_anywhere`: its address is signed.

    Guests' pages hold no token, so that they can be cached; a guest's request has no rights to abuse.

    Raises:
        ForeignRequest: from another site, or with a missing, foreign or stale token.
    """
    if not is_writing():
        return
    here = asked()
    view = declared(application().view_functions.get(here.endpoint or ""))
    if view is not None and view.from_anywhere:
        return
    site = here.headers.get("Sec-Fetch-Site", "same-origin")
    origin = here.headers.get("Origin")
    if site not in ("same-origin", "none") or (origin and not _is_ours(origin)):
        raise ForeignRequest(_("Diese Anfrage kommt von einer anderen Website und wurde nicht ausgeführt."))
    if "_user_id" in session:
        try:
            csrf.protect()
        except Exception as error:
            raise ForeignRequest(_("Das Formular war zu lange offen. Bitte senden Sie es noch einmal.")) from error


def is_writing() -> bool:
    """Whether this request may change something."""
    return asked().method not in ("GET", "HEAD", "OPTIONS")


def csrf_field() -> Markup:
    """The hidden token field for a member's forms; nothing for guests, whose pages need no session."""
    if not current_actor().is_signed_in:
        return Markup("")
    token, field = noted().get("csrf_field", ("", Markup("")))
    if not token or token != noted().get("csrf_token"):  # as Flask-WTF keeps the one of this request
        token = generate_csrf()
        field = Markup('<input type="hidden" name="csrf_token" value="{}">').format(token)
        g.csrf_field = token, field
    return cast(Markup, field)


def respond(fragment: str, *, back: str, **context: Any) -> Response:
    """Answer a small action: htmx gets the fragment, anyone else is sent back to the page (303)."""
    if htmx:
        return make_response(render_template(fragment, **context))
    return redirect_to(back)


def redirect_to(address: str) -> Response:
    """Send the browser on after a form (303); htmx loads the whole page there."""
    if htmx:
        return Response(headers={"HX-Redirect": address})
    return Response(status=303, headers={"Location": address}, mimetype="text/html")


def notify(message: str) -> None:
    """Confirm quietly on the next page (a toast)."""
    flash(message, "success")


def come_back_to(address: str) -> None:
    """Remember a page of ours in this browser's session: people go on there after signing in or registering."""
    session[COME_BACK] = address


def where_to_go_on() -> str:
    """The page somebody is to come back to, once; "" for none."""
    return safe_next(session.pop(COME_BACK, None), "")


def safe_next(address: str | None, otherwise: str) -> str:
    """An address within this site, or `otherwise`: never a redirect to another host."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")) or "\\" in address:
        return otherwise
    parts = split_address(address)
    return otherwise if parts is None or parts.scheme or parts.netloc else address


def came_from() -> str:
    """The address of the page of ours somebody came from, if it is not this one, else ""."""
    came = split_address(request.referrer or "")
    # Not request.host, which refuses to name a host we do not trust: an error page has to stand there, too.
    if came is None or came.netloc != request.environ.get("HTTP_HOST") or came.path == request.path:
        return ""
    return safe_next(f"{came.path}?{came.query}" if came.query else came.path, "")


def here_with(**changes: str) -> str:
    """The address of this page with some arguments changed: `here_with(lang="en")`.

    What answers a form that was sent has no address to ask for: the page the form stands on counts.
    """
    path, kept = noted().get("here") or _here()
    return f"{path}?{'&'.join((kept | {name: _pair(name, value) for name, value in changes.items()}).values())}"


def _here() -> tuple[str, dict[str, str]]:
    """The path of this page, its arguments by name as they stand in an address; kept for this request."""
    path, _mark, query = came_from().partition("?") if is_writing() else ("", "", "")
    arguments = dict(parse_qsl(query)) if path else request.args.to_dict()
    g.here = (path or request.path, {name: _pair(name, value) for name, value in arguments.items()})
    return cast(tuple[str, dict[str, str]], g.here)


def _pair(name: str, value: object) -> str:
    return f"{_quoted(name)}={_quoted(str(value))}"


def _quoted(text: str) -> str:
    return text if text.isascii() and text.isalnum() else quote_plus(text)


def mark_what_no_page_may_hold(response: Response) -> Response:
    """Show U+FFFD for control characters and noncharacters somebody typed: HTML has no way to write them.

    Source: HTML Standard, 13.2.3.5, control-character-in-input-stream and noncharacter-in-input-stream.
    """
    if response.mimetype == "text/html" and not response.is_streamed:
        body = response.get_data()
        suspects = set(body.translate(None, UNSUSPICIOUS))
        if suspects - {0xC2} or (suspects and SECOND_CONTROLS.search(body)):
            response.set_data(UNWRITABLE.sub("\ufffd".encode(), body))
    return response


def add_headers(response: Response) -> Response:
    said = {name.lower() for name, _value in response.headers}
    response.headers.extend([header for name, header in _HEADERS.items() if name not in said])
    if request.endpoint != "static":  # what is for ever among these, `kit.static_files` knows
        # The session's cookie is written after this hook: whether there will be one, the session knows.
        private = bool(session) or session.modified
        if private or not response.headers.get("Cache-Control"):
            response.headers["Cache-Control"] = "private, no-store" if private else "no-cache"
    varies(response, "HX-Request")
    return response


def _is_ours(origin: str) -> bool:
    parts = split_address(origin)
    return parts is not None and parts.netloc == request.host


def _flat(lists: Iterable[tuple[str, list[str]]]) -> list[str]:
    return [text for key, values in lists for text in (key, *values)]
