"""What would make figures look better than they are: answers that failed, sessions nobody accepts, forms nobody took.

Each ends the bench in plain words; what was measured before is kept.
"""

import http.client
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import NullPool, create_engine, func, select

from app.comments.models import Comment
from app.voting.models import Support
from tests.bench.data import Shelf
from tests.bench.load import CONNECTIONS, Ask

MOST_FAILED = 0.001
UNDER_WAY = 2 * CONNECTIONS
"""So many requests may be counted elsewhere than their rows: those under way at the beginning and at the end."""
TAKEN = {302, 303}
SIGNED_IN, MODERATES = 'action="/logout"', 'href="/moderation"'
WRITTEN: dict[str, Any] = {"support": Support, "comment": Comment}


def rows_of(shelf: Shelf, route: str) -> Callable[[], int] | None:
    """What counts the rows a route has written from now on; None where it writes none."""
    if route not in WRITTEN:
        return None
    address = shelf.database.replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(address, poolclass=NullPool)
    key = WRITTEN[route].id

    def newest(statement: Any) -> int:
        with engine.connect() as connection:
            return int(connection.scalar(statement) or 0)

    begin = newest(select(func.max(key)))
    return lambda: newest(select(func.count()).where(key > begin))


def refuse_failures(what: str, figures: dict[str, Any]) -> None:
    """End where more failed than may happen; where nobody looked at each answer, none may: it might be the server's."""
    failed, seen = figures["failed"] + figures["broken"], figures["statuses"]
    most = MOST_FAILED * figures["requests"] if seen else 0
    if failed > most or any(status >= 500 for status in seen):
        raise SystemExit(f"{what}: {failed} of {figures['requests']} requests failed{_told(seen)}.")


def refuse_other_pages(what: str, figures: dict[str, Any]) -> None:
    """End where what came instead of a page is something else, such as the way to the form to sign in."""
    if set(figures["statuses"]) - {200}:
        raise SystemExit(f"{what}: not all answers are pages{_told(figures['statuses'])}.")


def refuse_unwritten(what: str, figures: dict[str, Any]) -> None:
    """End where answers do not say that what was sent was taken, or the database has not as many new rows."""
    seen, rows = figures["statuses"], figures["rows"]
    if figures["away"] or any(status < 400 and status not in TAKEN for status in seen):
        raise SystemExit(f"{what}: not all was taken, {figures['away']} answers ask to sign in{_told(seen)}.")
    answered = figures["requests"] - figures["failed"]
    if rows is not None and abs(rows - answered) > UNDER_WAY:
        raise SystemExit(f"{what}: {answered} answers say that it was taken, but {rows} rows were written.")


def refuse_strangers(port: int, asks: Iterable[Ask], proof: str = SIGNED_IN) -> None:
    """End where a page is not that of somebody who is signed in: each cookie once."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for cookie, path in {ask.cookie: ask.path for ask in asks}.items():
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        if answer.status != 200 or proof not in text:
            raise SystemExit(f"{path} (status {answer.status}) is not the page of who was signed in: no {proof} in it.")
    connection.close()


def _told(seen: dict[int, int]) -> str:
    return f" (statuses {', '.join(f'{status}: {times}' for status, times in sorted(seen.items()))})" if seen else ""
