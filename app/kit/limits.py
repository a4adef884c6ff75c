"""Limits against floods: counted in a file that all web processes share, or in Redis. Addresses are not kept."""

import hashlib
import hmac
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask, current_app, g, make_response, request
from flask_limiter import Limiter
from flask_limiter.util import get_qualified_name, get_remote_address
from limits import RateLimitItem

from app.config import Settings
from app.kit import counts
from app.kit.access import current_actor, person_of_session, remember_person
from app.kit.here import application, asked
from app.kit.jobs import sweep
from app.kit.web import is_writing

# endpoint, attempts from one address, attempts at one account
DOORS = (
    ("security.login", "20/minute;100/hour", "30/minute;300/hour"),
    ("security.register", "10/minute;40/hour", "3/minute;10/hour"),
    ("security.forgot_password", "10/minute;40/hour", "2/minute;6/hour"),
    ("security.send_confirmation", "10/minute;40/hour", "2/minute;6/hour"),
)
# Wrong passwords for one account from one address: strangers elsewhere do not keep its owner out.
GUESSES = "10/minute;40/hour"


def who() -> str:
    """Whose requests are counted together: the member's, else the network address's."""
    person_id = person_of_session()
    if person_id is None:
        actor = current_actor()
        if not actor.is_signed_in:
            return f"address:{_veiled(get_remote_address())}"
        person_id = actor.id
        remember_person(person_id)
    return f"person:{person_id}"


def is_reading() -> bool:
    """Reading is not limited here."""
    return not is_writing()


Bound = tuple[RateLimitItem, str]


class Bounds(Limiter):
    """The library's limits, counted without detours where a view has plain ones: so many in a time for each person."""

    _plain: dict[tuple[str, str | None], list[Bound] | None]

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        """Count this request; whatever is not plain, broken or too much is the library's business.

        Raises:
            RateLimitExceeded: too many.
        """
        key = (asked().endpoint or "", callable_name)
        if key not in self._plain:
            self._plain[key] = self._plain_bounds(*key)
        bounds = self._plain[key]
        if bounds is None or self._storage_dead or is_unlimited() or not self._fit(bounds):
            super()._check_request_limit(callable_name, in_middleware)

    def _fit(self, bounds: list[Bound]) -> bool:
        try:
            return all(self.limiter.hit(item, who(), scope) for item, scope in bounds)
        except self.storage.base_exceptions:
            return False

    def _plain_bounds(self, endpoint: str, name: str | None) -> list[Bound] | None:
        """Those of a view, or of all views before one is called (no name): a view with its own has none of these."""
        if name is None:
            view = current_app.view_functions.get(endpoint)
            has_own = view is None or get_qualified_name(view) in self._marked_for_limiting
            found = [] if has_own else self.limit_manager.default_limits
        else:
            found = self.limit_manager.decorated_limits(name)
            if any(one.key_func is not who or one.methods or one.exempt_when for one in found):
                return None
        return [(one.limit, endpoint) for one in sorted(found, key=lambda one: one.limit)]


# Of one person or address, for each view; views that cost or reach more say less.
limiter = Bounds(who, default_limits=["120/minute"], default_limits_exempt_when=is_reading, headers_enabled=False)


@limiter.request_filter
def is_unlimited() -> bool:
    """Tests of one application may ask as often as they like; another beside it is limited all the same."""
    return bool(application().extensions.get("unlimited"))


def by_account() -> str:
    """Attempts at one account count together, from wherever they come; the address itself is not kept."""
    typed = request.form.get("email", "").strip().lower()
    return f"account:{_veiled(typed)}"


def by_account_and_address() -> str:
    """Attempts at one account from one address."""
    return f"{by_account()}:{who()}"


def seconds_to_wait() -> int:
    """How long whoever was refused just now has to wait."""
    limit = limiter.current_limit
    return max(1, round(limit.reset_at - time.time())) if limit else 60


def protect_doors(app: Flask) -> None:
    """Signing in, registering and asking for mails: few attempts from one address, and at one account.

    Of signing in only what failed counts, so that a room full of people behind one address can come in.
    """
    for endpoint, here, there in DOORS:
        view: Any = _limited(app.view_functions[endpoint], here, who)
        app.view_functions[endpoint] = _limited(view, there, by_account)
    guarded = _limited(app.view_functions["security.login"], GUESSES, by_account_and_address)
    app.view_functions["security.login"] = _giving_back(guarded)


def _limited(view: Callable[..., Any], limits: str, key: Callable[[], str]) -> Any:
    """Count, and remember what was counted: each layer of limits hides the one before."""

    @wraps(view)
    def noted(*args: Any, **kwargs: Any) -> Any:
        g.counted = [*g.get("counted", ()), *limiter.current_limits]
        return view(*args, **kwargs)

    return limiter.limit(limits, methods=["POST"], key_func=key)(noted)


def _giving_back(view: Callable[..., Any]) -> Any:
    """Who came in was no failed attempt. Counted first and given back: many guesses at once do not slip through."""

    @wraps(view)
    def run(*args: Any, **kwargs: Any) -> Any:
        response = make_response(view(*args, **kwargs))
        if request.method == "POST" and response.status_code in (302, 303):  # a refused form is a 200 until later
            for limit in g.get("counted", ()):
                limiter.limiter.storage.incr(limit.key, limit.limit.get_expiry(), amount=-1)
        return response

    return run


def start(app: Flask, settings: Settings) -> None:
    """Writing requests: 120 a minute for each person or address; single views say less."""
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or counts.address_of(settings.data_dir / "limits.sqlite")
    # Where counts cannot be kept (Redis is away or hangs, the disk is full), each process counts for itself meanwhile.
    app.config["RATELIMIT_IN_MEMORY_FALLBACK_ENABLED"] = True
    if settings.redis_url:
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {"socket_connect_timeout": 2, "socket_timeout": 2}
    limiter._plain = {}
    limiter.init_app(app)
    # Reading is counted only where a view says so, around the view: the library would look for it each time.
    hooks = app.before_request_funcs[None]
    hooks[hooks.index(limiter._check_request_limit)] = _count_writing
    # Its others: headers we do not send, and forgetting what goes with the request anyway.
    app.after_request_funcs[None].pop()
    app.teardown_request_funcs[None].pop()
    app.extensions["unlimited"] = settings.environment == "testing"


def _count_writing() -> None:
    if is_writing():
        limiter._check_request_limit()


@sweep
def forget_counts() -> None:
    """Who asked when is forgotten as soon as it no longer counts."""
    if isinstance(limiter.storage, counts.Counts):
        limiter.storage.forget()


def _veiled(text: str) -> str:
    """The same text gives the same word, from which nobody finds the text without the platform's secret."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:24]
