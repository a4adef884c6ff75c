"""Languages: German is the source of every message, other languages come from catalogues.

The language of a request is the reader's choice (`?lang=en`, kept in a cookie), else the browser's. Whether texts
that also exist in Leichte Sprache are shown in it is the reader's choice too (`?easy=1`, kept in a cookie). The
interface itself then speaks `de@easy`: a catalogue with German for German, where a message is hard to read.
"""

import os
from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, Response, g, has_app_context, has_request_context, request
from flask_babel import Babel, Domain, get_locale, get_translations
from flask_babel.speaklater import LazyString
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header
from werkzeug.sansio.http import parse_cookie

from app.config import Settings
from app.kit.compression import LONGEST_ACCEPT
from app.kit.here import application, argument, environ, noted, varies
from app.kit.remembering import remembered

LANGUAGES = {"de": "Deutsch", "en": "English"}
COOKIE = "language"
EASY = "easy"
WISHES = "i18n.wishes"
YEAR_SECONDS = 365 * 24 * 3600
P = ParamSpec("P")
R = TypeVar("R")
babel = Babel()


class Messages(Domain):  # type: ignore[misc]
    """Flask-Babel's catalogues, looked up once in a request; in German the message is the text, and none is asked."""

    def gettext(self, string: str, **variables: Any) -> str:
        """A text in the reader's language."""
        text = string if variant() == "de" else str(self.get_translations().ugettext(string))
        return text % variables if variables else text

    def get_translations(self) -> Any:
        """The catalogue of this request's language."""
        kept = g.get("_flask_babel") if has_app_context() else None
        known = getattr(kept, "own_translations", None)
        if known is None or known[0] != variant():
            known = (variant(), super().get_translations())
            if (kept := g.get("_flask_babel") if has_app_context() else None) is not None:
                kept.own_translations = known
        return known[1]


def start(app: Flask, timezone: str, catalogues: Path) -> None:
    """Compile catalogues older than their source and choose the language of each request."""
    compile_catalogues(catalogues)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(catalogues)
    app.config["BABEL_DEFAULT_TIMEZONE"] = timezone
    app.config["BABEL_DEFAULT_LOCALE"] = "de"
    babel.init_app(app, locale_selector=_choose_locale)
    babel.domain_instance = Messages()
    app.jinja_env.install_gettext_callables(_message, _messages, newstyle=True)  # type: ignore[attr-defined]
    app.after_request(remember_language)
    app.jinja_env.globals |= {"language": language, "LANGUAGES": LANGUAGES, "content_lang": content_lang}
    app.jinja_env.globals |= {"time_zone": lambda: timezone}
    app.jinja_env.globals |= {"reads_easily": reads_easily, "speaks_easily": speaks_easily}
    app.jinja_env.globals |= {"message": _message, "message_of": _messages}
    app.jinja_env.globals |= {"region_name": region_name}


def gettext(text: str, **values: Any) -> str:
    """A message in the reader's language, with its values. Flask-Babel's looks for its domain each time."""
    said = _message(text)
    return said % values if values else said


def ngettext(one: str, many: str, num: int, **values: Any) -> str:
    """A message of a number of things, which it may name as %(num)s."""
    return _messages(one, many, num) % {"num": num, **values}


def lazy_gettext(text: str, **values: Any) -> LazyString:
    """A message that is put into the reader's language when it is shown."""
    return LazyString(gettext, text, **values)


def _message(text: str) -> str:
    """A template's text in the reader's language; in German the message is the text, and no catalogue is asked."""
    if variant() == "de":
        return text
    catalogue = get_translations()
    said = str(catalogue.ugettext(text))
    # Debian's Python 3.11.2 knows a message that also has a plural only along with a number.
    return said if said != text else str(catalogue.ungettext(text, text, 1))


def _messages(one: str, many: str, number: int) -> str:
    if variant() == "de":
        return one if number == 1 else many
    return str(get_translations().ungettext(one, many, number))


def _choose_locale() -> Locale:
    chosen = choose_language()
    return _locale(f"{chosen}@{EASY}" if chosen == "de" and has_request_context() and reads_easily() else chosen)


_locale = lru_cache(maxsize=10)(Locale.parse)


def choose_language() -> str:
    """The language of this request: parameter, cookie, browser, German."""
    if not has_request_context():
        return "de"
    wish = argument("lang")
    return wish if wish in LANGUAGES else wishes(environ())[0]


def wishes(environ: dict[str, Any]) -> tuple[str, bool]:
    """The language of a request and whether it is for easy texts, its address aside: cookies, browser, German.

    Read once for each request: what guests' pages are kept by is what they are made of.
    """
    known: tuple[str, bool] | None = environ.get(WISHES)
    if known is None:
        sent = environ.get("HTTP_COOKIE")
        chosen, easy = _chosen(sent) if sent else ("", False)
        known = environ[WISHES] = chosen or preferred(environ.get("HTTP_ACCEPT_LANGUAGE", "")), easy
    return known


@remembered(500)
def _chosen(cookies: str) -> tuple[str, bool]:
    """The language that was chosen ("" for none) and the choice of easy texts; the first of several cookies counts."""
    if COOKIE not in cookies and EASY not in cookies:
        return "", False
    sent = parse_cookie(cookies)  # what reads those of a request, too
    chosen = sent.get(COOKIE, "")
    return chosen if chosen in LANGUAGES else "", sent.get(EASY) == "1"


@remembered(500)
def preferred(accepted: str) -> str:
    """The first language a browser asks for (Accept-Language) that there is, whatever its region: de-AT is German."""
    found = parse_accept_header(accepted[:LONGEST_ACCEPT], LanguageAccept)
    wishes = (tag.partition("-")[0].lower() for tag, quality in found if quality > 0)
    return next((wish for wish in wishes if wish in LANGUAGES), "de")


def language() -> str:
    """The two-letter code of the language in use."""
    return variant().partition("@")[0]


def variant() -> str:
    """The language in use, and whether in easy words: "de", "de@easy", "en"."""
    # What get_locale() would say once it has been asked; pages ask hundreds of times.
    locale = getattr(noted().get("_flask_babel"), "babel_locale", None) or get_locale()
    if locale is None:
        return "de"
    return f"{locale.language}@{locale.modifier}" if locale.modifier else str(locale.language)


def of_language(said: Callable[P, R]) -> Callable[P, R]:
    """What follows from the language and few other words is put together once for each of them; it must not be changed.

    For what a release says, like templates that are compiled for each language; not for what people wrote.
    """

    @lru_cache(maxsize=500)
    def known(_variant: str, *words: P.args, **more: P.kwargs) -> R:
        return said(*words, **more)

    @wraps(said)
    def answer(*words: P.args, **more: P.kwargs) -> R:
        return known(variant(), *words, **more)  # type: ignore[arg-type]  # words and numbers

    return answer


def speaks_easily() -> bool:
    """Whether the interface is in Leichte Sprache."""
    return variant() == f"de@{EASY}"


def reads_easily() -> bool:
    """Whether the reader wants texts in Leichte Sprache where there are some."""
    asked = argument(EASY)
    return asked == "1" if asked else wishes(environ())[1]


def foreign_content() -> str:
    """The code of the language people write in, where the page is in another one; else empty."""
    own = _settings().content_language
    return "" if own == language() else own


def content_lang() -> Markup:
    """The attribute for an element that holds what people wrote: ` lang="de"` on an English page, else nothing."""
    own = foreign_content()
    return Markup(' lang="{}"').format(own) if own else Markup("")


def region_name() -> str:
    """Whom the site serves, in the language in use."""
    return (language() == "en" and _settings().region_name_en) or _settings().region_name


def _settings() -> Settings:
    settings: Settings = application().extensions["settings"]
    return settings


def remember_language(response: Response) -> Response:
    wish = argument("lang")
    if wish in LANGUAGES and wish != request.cookies.get(COOKIE):
        response.set_cookie(COOKIE, wish, max_age=YEAR_SECONDS, samesite="Lax", httponly=True, secure=request.is_secure)
    easy = argument(EASY)
    if easy in ("0", "1") and easy != request.cookies.get(EASY, "0"):
        response.set_cookie(EASY, easy, max_age=YEAR_SECONDS, samesite="Lax", httponly=True, secure=request.is_secure)
    varies(response, "Accept-Language", "Cookie")
    return response


def compile_catalogues(folder: Path) -> None:
    """Write `messages.mo` beside every `messages.po` that is newer."""
    for source in folder.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        fresh = target.with_suffix(f".{os.getpid()}.mo")  # others may start at the same time
        with fresh.open("wb") as file:
            write_mo(file, catalogue)
        fresh.replace(target)
