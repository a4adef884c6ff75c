"""Errors of the domain. Commands and queries raise them; `kit.error_pages` turns them into HTTP and text."""

from collections.abc import Mapping
from typing import Any

from app.kit.i18n import gettext as _


class DomainError(Exception):
    """Something a person did cannot be done; `message` says why, in their language; `way`, words and an address,
    leads to where they can do something about it.
    """

    status = 400

    def __init__(self, message: Any = "", way: tuple[str, str] | None = None) -> None:
        super().__init__(message)
        self.message, self.way = message, way


class NotAllowed(DomainError):
    """The rules do not let this person do that (403)."""

    status = 403


class SignInFirst(DomainError):
    """A guest asked for something members may do: they sign in and go on where they were."""

    status = 401


class NotFound(DomainError):
    """There is no such thing for this reader, and never was (404)."""

    status = 404


class Conflict(DomainError):
    """The thing has changed meanwhile, so that this no longer fits (409)."""

    status = 409


class Gone(DomainError):
    """Once public, now hidden, withdrawn or deleted (410); `message` is the public reason."""

    status = 410

    @classmethod
    def since(cls, state: str, reason: str) -> "Gone":
        """What is no longer public, because of its state and for a public reason (may be empty)."""
        if state != "hidden":
            return cls(reason)
        words, because = _("Die Moderation hat das ausgeblendet."), _("Der Grund:")
        return cls(f"{words} {because} {reason}" if reason else words)


class Invalid(DomainError):
    """What was typed does not fit (422); `errors` says per field what to change."""

    status = 422

    def __init__(self, message: Any = "", errors: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.errors = dict(errors or {})


class Busy(DomainError):
    """So many write at this moment that this had to wait too long (503); what was sent can be sent once more."""

    status = 503

    def __init__(self) -> None:
        super().__init__(
            _(
                "Gerade schreiben sehr viele Menschen gleichzeitig, deshalb ist das noch nicht gespeichert. "
                "Bitte versuchen Sie es in ein paar Sekunden noch einmal."
            )
        )
