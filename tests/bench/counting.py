"""How many SQL statements and bytes a route costs, asked in this process with nothing kept for guests."""

import gzip
from typing import Any

from flask import Flask

from tests.bench.checks import TAKEN
from tests.bench.data import Shelf, application
from tests.bench.load import Ask
from tests.support.queries import statements


def costs(shelf: Shelf, routes: dict[str, list[Ask]]) -> dict[str, dict[str, Any]]:
    """Statements of each route (the most of some of its addresses) and the bytes of its answer, compressed."""
    with application(shelf, GUEST_CACHE="off") as app:
        return {route: _cost(app, asks) for route, asks in routes.items()}


def _cost(app: Flask, asks: list[Ask]) -> dict[str, Any]:
    some = asks[:: max(1, len(asks) // 5)][:5]
    _ask(app, some[0])
    counts, sizes = [], []
    for ask in some:
        answers: list[Any] = []
        counts.append(len(statements(app, lambda ask=ask, answers=answers: answers.append(_ask(app, ask)))))
        sizes.append(_bytes(answers[0]))
    return {"queries": max(counts), "bytes": round(sum(sizes) / len(sizes))}


def _ask(app: Flask, ask: Ask) -> Any:
    headers = {"Accept-Encoding": "gzip", "Accept-Language": "de", "User-Agent": "python"}  # its views do not count
    headers |= {"Cookie": ask.cookie} if ask.cookie else {}
    headers |= {"X-Forwarded-For": ask.address} if ask.address else {}
    form = "application/x-www-form-urlencoded" if ask.method == "POST" else None
    client = app.test_client(use_cookies=False)
    answer = client.open(ask.path, method=ask.method, headers=headers, data=ask.body or None, content_type=form)
    assert _is_right(ask, answer), (ask.path, answer.status_code, answer.location, answer.get_data()[:3000])
    return answer


def _is_right(ask: Ask, answer: Any) -> bool:
    """The page, or on from a form that was taken; whoever is not let in is sent to sign in."""
    if ask.method == "GET":
        return bool(answer.status_code == 200)
    return answer.status_code in TAKEN and "/login" not in answer.location


def _bytes(answer: Any) -> int:
    body = answer.get_data()
    return len(body) if answer.headers.get("Content-Encoding") == "gzip" else len(gzip.compress(body, 6))
