"""Former addresses: who follows an old link to what was brought along is sent to where it stands now.

Kept are path and query, so that the platform can take over any of the old hosts. An address of ours is never given
away: the table is asked only where there is nothing else.
"""

from urllib.parse import unquote

from flask import Response, after_this_request, current_app, request
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.kit.access import current_actor
from app.kit.db import command, db
from app.kit.inserting import insert_once
from app.kit.text import split_address
from app.subjects import registry
from app.subjects.models import FormerAddress

MOST_BYTES = 1000  # what every database can index
REMEMBERED = 86_400  # seconds a browser may remember the answer: longer, and a mistake could not be mended
# Addresses the platform promises and may not serve yet (with /api/… and the feeds of lists).
PROMISED = frozenset(
    "/hubs /network /events /resources /search /activity /notifications /account /moderation /admin /insights"
    " /transparency /open-data /api /healthz /readyz /metrics /sitemap.xml /robots.txt /manifest.webmanifest".split()
)


@command
def keep_address(url: str, subject_id: int) -> bool:
    """Remember where a subject was found; False if that address is our own, too long, or somebody else's already."""
    path = path_of(url)
    if not path or is_ours(path):
        return False
    return insert_once(FormerAddress, path=path, subject_id=subject_id) is not None


def path_of(url: str) -> str:
    """Path and query of a web address, as they are compared; empty if it has none worth keeping."""
    parts = split_address(url)
    if parts is None:
        return ""
    path = _plain(parts.path, parts.query)
    unfit = "\0" in path or "\ufffd" in path or len(path.encode(errors="replace")) > MOST_BYTES
    return "" if unfit else path


def is_ours(path: str) -> bool:
    """Whether a page of ours always stands at this path, or will: a list, a form, a feed, the home page."""
    page = path.partition("?")[0]
    is_feed = page.endswith((".atom", ".ics")) and page.count("/") == 1
    if page in PROMISED or page.startswith("/api/") or is_feed:
        return True
    adapter = current_app.url_map.bind("localhost")
    try:
        _endpoint, values = adapter.match(page, "GET")
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return not values


def address_now() -> str | None:
    """Where this request's path leads today: with its query, or without one if nothing is known of that.

    Raises:
        NotFound, Gone: what was there is not public for this reader, or no longer.
    """
    query = request.query_string.decode(errors="replace")
    wanted = [_plain(request.path, query), _plain(request.path, "")]
    rows = db.session.execute(
        select(FormerAddress.path, FormerAddress.subject_id).where(FormerAddress.path.in_(wanted))
    )
    found = {row.path: row.subject_id for row in rows}
    subject_id = next((found[path] for path in wanted if path in found), None)
    if subject_id is None:
        return None
    address = registry.url_of(registry.load(current_actor(), subject_id))
    after_this_request(_not_for_ever)
    return address


def _not_for_ever(response: Response) -> Response:
    """A browser keeps what moved for good as long as it likes, unless it is told."""
    if response.status_code == 301:
        response.cache_control.max_age = REMEMBERED
    return response


def _plain(path: str, query: str) -> str:
    path = "/" + unquote(path).strip("/")
    return f"{path}?{unquote(query)}" if query else path
