"""Atom feeds of lists (RFC 4287), with the same filters as the page they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Response, render_template, request, url_for

from app.kit import clock

MOST = 30


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of a feed. `address` is of its page, absolute; `permanent` the same without its readable part."""

    title: str
    address: str
    permanent: str
    published: datetime
    changed: datetime
    summary: str = ""
    author: str = ""

    @property
    def published_at(self) -> str:
        return stamp(self.published)

    @property
    def changed_at(self) -> str:
        return stamp(self.changed)


def stamp(moment: datetime) -> str:
    """A moment as RFC 3339 wants it: `2027-03-12T08:30:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def atom(title: str, endpoint: str, entries: Sequence[Entry]) -> Response:
    """The feed of the list at `endpoint`; a reader that has it is told that nothing changed (304).

    Args:
        endpoint: of the page whose query this request shares.
    """
    page = url_for(endpoint, **request.args.to_dict(), _external=True)
    changed = max((entry.changed for entry in entries), default=None) or clock.start_of(clock.today())
    body = render_template("feeds/atom.xml", title=title, page=page, entries=entries, changed_at=stamp(changed))
    response = Response(body, mimetype="application/atom+xml")
    if entries:
        response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]
