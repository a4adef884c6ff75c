"""Putting the house together: extensions, packages, error pages."""

from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, Response
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from app import cli
from app.accounts.commands import People
from app.accounts.forms import FORMS
from app.accounts.models import Role, User
from app.attachments.views import file_href, file_kind, picture_src, picture_srcset
from app.branding.views import brand_sheet, icon_src, logo_src
from app.config import LOOPBACK, Settings
from app.ideas.activities import NEED_WORDS, STAGE_WORDS, STATUS_LOOK
from app.kit import (
    access,
    compression,
    db,
    draft_views,
    error_pages,
    health,
    i18n,
    identity,
    jobs,
    limits,
    logs,
    mail,
    offline,
    pieces,
    present,
    security,
    signing,
    web,
)
from app.kit.guest_pages import GuestPages
from app.kit.i18n import lazy_gettext as _l
from app.kit.i18n import of_language
from app.kit.in_turn import InTurn
from app.kit.static_files import StaticFiles
from app.kit.templating import Environment
from app.organisations.queries import acting, foresee_acting
from app.pages.models import KEYS as PAGES
from app.subjects import former, registry

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1024 * 1024
PACKAGES = (
    "barriers",
    "branding",
    "pages",
    "places",
    "accounts",
    "attachments",
    "organisations",
    "follows",
    "moderation",
    "comments",
    "voting",
    "challenges",
    "ideas",
    "closings",
    "projects",
    "crowdfunding",
    "imports",
    "notifications",
    "timeline",
    "demo",
    "home",
    "search",
    "admin",
    "sitemap",
)
# Arguments of lists and threads in which nobody types words.
CHOSEN = "after by category challenge comments kind needs page parent place sort stage status topic view".split()
CHOSEN += ["easy", "lang"]
POLICIES = {"account": "accounts", "moderation": "moderation", "comment": "comments", "challenge": "challenges"}
POLICIES |= {"organisation": "organisations", "follow": "follows", "attachment": "attachments"}
POLICIES |= {"closing": "closings", "import": "imports", "page": "pages", "idea": "ideas", "project": "projects"}
POLICIES |= {"barrier": "barriers", "look": "branding"}
PROJECT_STATUS = {
    "running": ("project", "sprout", _l("In Arbeit")),
    "funding": ("campaign", "hand-coins", _l("Crowdfunding läuft")),
}


class House(Flask):
    """The application; its templates know their language when they are compiled."""

    jinja_environment = Environment  # type: ignore[assignment]

    def ensure_sync(self, func: Any) -> Any:
        """Nothing here is a coroutine; Flask looks at every hook of every request whether it is one."""
        return func


def create_app(settings: Settings) -> Flask:
    """The application for these settings.

    Raises:
        RuntimeError: a view has no access rule.
    """
    app = House(
        "app", root_path=str(ROOT / "app"), template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static")
    )
    app.extensions["settings"] = settings
    _configure(app, settings)
    _start_kit(app, settings)
    _register_packages(app)
    jobs.start(app, settings)  # after the packages, whose jobs it takes up
    access.refuse_undeclared(app, security.LIBRARY_VIEWS)
    _wrap_views(app)
    cli.register(app)
    if not app.extensions["is_sqlite"]:
        app.extensions["in_turn"] = app.wsgi_app = InTurn(app.wsgi_app)  # type: ignore[method-assign]
    pages: WSGIApplication = app.wsgi_app
    if settings.guest_cache:
        pages = app.extensions["guest_pages"] = GuestPages(app, pages, settings, CHOSEN)
    app.wsgi_app = StaticFiles(app, app.wsgi_app, others=pages)  # type: ignore[method-assign]
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _configure(app: Flask, settings: Settings) -> None:
    secure = settings.base_url.startswith("https://")
    app.config |= {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        # A connection for each thread: one beyond the pool would be opened and closed with each request.
        # The connection used last knows its statements and has its pages at hand.
        "SQLALCHEMY_ENGINE_OPTIONS": {"pool_size": max(5, settings.web_threads), "pool_use_lifo": True},
        # Mails hold links made of the request's host: only our own may be asked.
        "TRUSTED_HOSTS": [urlsplit(settings.base_url).hostname, *LOOPBACK],
        "MAX_CONTENT_LENGTH": settings.max_upload_mb * MEGABYTE,
        "MAX_FORM_MEMORY_SIZE": MEGABYTE,
        "MAX_FORM_PARTS": 200,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": secure,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "TESTING": settings.environment == "testing",
    }
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    settings.data_dir.mkdir(parents=True, exist_ok=True)


def _start_kit(app: Flask, settings: Settings) -> None:
    logs.start(app, settings.log_level)
    db.start(app)
    Migrate(app, db.db, directory=str(ROOT / "migrations"))
    i18n.start(app, settings.timezone, ROOT / "translations")
    identity.start(app)
    mail.start(app, settings)
    security.start(app, settings, People(db.db, User, Role), FORMS, ROOT / "translations")
    compression.start(app)  # before what looks at answers: hooks run last first
    signing.start(app)
    web.start(app)
    limits.start(app, settings)
    limits.protect_doors(app)
    present.start(app)
    pieces.start(app)
    error_pages.start(app)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # people read their own export


def _register_packages(app: Flask) -> None:
    for blueprint in (health.bp, offline.bp, draft_views.bp):
        app.register_blueprint(blueprint)
    for name in PACKAGES:
        for room in ("listeners", "jobs", "views"):
            if (ROOT / "app" / name / f"{room}.py").exists() or (ROOT / "app" / name / room).is_dir():
                module = import_module(f"app.{name}.{room}")
                if room == "views":
                    app.register_blueprint(module.bp)
    for noun, package in POLICIES.items():
        access.register_rules(noun, import_module(f"app.{package}.policy"))
    access.use_addresses(registry.url_of)
    access.use_people(acting, foresee_acting)
    error_pages.ask_before_404(former.address_now)
    look: dict[str, Any] = {"url_of": registry.url_of, "word_for": registry.word_for, "status_look": _status_look}
    look |= {"stage_words": STAGE_WORDS, "need_words": NEED_WORDS}
    app.jinja_env.globals |= look | {"picture_src": picture_src, "picture_srcset": picture_srcset}
    app.jinja_env.globals |= {
        "file_href": file_href,
        "file_kind": file_kind,
        "brand_sheet": brand_sheet,
        "logo_src": logo_src,
        "icon_src": icon_src,
    }
    app.jinja_env.globals |= {"settings": app.extensions["settings"], "PAGES": PAGES}


def _wrap_views(app: Flask) -> None:
    """Put every view, libraries' included, into the unit of work."""
    for endpoint, view in app.view_functions.items():
        declared = access.declared(view) or security.LIBRARY_VIEWS[endpoint]
        is_library = endpoint in security.LIBRARY_VIEWS
        if endpoint != "static":
            app.view_functions[endpoint] = _in_unit_of_work(app, view, declared, is_library)


def _in_unit_of_work(app: Flask, view: Any, declared: access.Access, is_library: bool) -> Any:
    @wraps(view)
    def run(**values: Any) -> Response:
        posted = web.is_writing()
        writes = declared.writes or (is_library and posted and not declared.hashes_first)
        with db.unit_of_work(writes=writes, may_write=posted or declared.writes):
            if not writes:
                pieces.look_first()
            if is_library:
                access.require(declared.rule(access.current_actor()), access.current_actor())
            response = app.make_response(view(**values))
            if is_library and posted and response.status_code == 200 and security.form_was_refused():
                response.status_code = 422  # the library shows an invalid form again with 200
            if response.status_code >= 400:
                db.abandon()
        return response

    return run


def _status_look(status: str) -> tuple[str, str, str]:
    return _look(status)


@of_language
def _look(status: str) -> tuple[str, str, str]:
    colour, icon, word = STATUS_LOOK[status] if status in STATUS_LOOK else PROJECT_STATUS[status]
    return colour, icon, str(word)
