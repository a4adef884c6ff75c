"""The crawler's eye: it must see what is lost, or every walk is fine."""

import re

import pytest
from flask import Flask, redirect, request
from lxml import html
from werkzeug.wrappers import Response

from tests.support.crawler import Walk
from tests.support.leftovers import leftovers

PAGE = "<!doctype html><html lang='en'><body>{}</body></html>"
LOST = {
    "<a href='/gone'>x</a>": "/gone answers 404, named on /",
    "<a href='fine/../gone?a=1#b'>x</a>": "/gone?a=1 answers 404, named on /",
    "<a href='/fine#nothing'>x</a>": "/fine#nothing is named on /, there is no such id",
    "<a href='/moved#nothing'>x</a>": "/moved#nothing is named on /, there is no such id",
    "<a href='/broken'>x</a>": "/broken: it broke",
    "<img src='/gone.png' alt=''>": "/gone.png answers 404, named on /",
    "<img src='/fine' srcset='/fine 1x, /gone.webp 2x' alt=''>": "/gone.webp answers 404, named on /",
    "<script src='/gone.js'></script>": "/gone.js answers 404, named on /",
    "<svg><use href='/gone.svg#a'/></svg>": "/gone.svg answers 404, named on /",
    "<form action='/gone'></form>": "/gone answers 404, named on /",
    "<form method='post' action='/fine'></form>": "/fine takes no form, named on /",
    "<button formaction='/gone'>x</button>": "/gone takes no form, named on /",
    "<a href='/post'>x</a>": "/post answers 405, named on /",
}
FINE = "<a href='/fine#here'>x</a><a href='/moved#here'>x</a><form method='post' action='/post'></form>"
FINE += (
    "<a href='https://elsewhere.example/gone'>x</a><a href='mailto:a@example.org'>x</a><a href='/fine?lang=de'>x</a>"
)


def site(body: str) -> Flask:
    """A site whose front page says this."""
    app = Flask(__name__, static_folder=None)
    app.testing = True

    @app.get("/")
    def front() -> str:
        return PAGE.format(body)

    @app.get("/fine")
    def fine() -> str:
        assert "lang" not in request.args
        return PAGE.format("<p id='here'>x</p>")

    @app.get("/moved")
    def moved() -> Response:
        return redirect("/fine")

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("it broke")

    @app.post("/post")
    def post() -> str:
        return ""

    return app


def walk(body: str) -> Walk:
    app = site(body)
    return Walk(app, app.test_client(), {}).go("/")  # type: ignore[arg-type]


@pytest.mark.parametrize(("body", "sentence"), LOST.items())
def test_what_is_lost_is_seen(body: str, sentence: str) -> None:
    assert walk(body).found == [sentence]


def test_what_is_there_is_fine() -> None:
    assert walk(FINE).found == []


def test_of_addresses_that_differ_in_their_query_the_first_ones_stand_for_all() -> None:
    many = "".join(f"<a href='/fine?page={number}'>x</a>" for number in range(9))
    assert len(walk(many).answers) == 4


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<button>Idee einreichen</button>", {"Idee einreichen"}),
        ("<input aria-label='Suche'>", {"Suche"}),
        ("<p>3 Ideen</p>", {"3 Ideen"}),
        ("<p>Hier ist nichts für Sie.</p>", {"Hier ist nichts für Sie."}),
        ("<h2>Der Küchenfahrplan</h2><p>By Jörg Müller</p>", {"By Jörg Müller"}),
        ("<p lang='de'>Idee einreichen</p><p>Submit an idea</p>", set()),
    ],
)
def test_german_that_is_left_is_seen(body: str, found: set[str]) -> None:
    names = re.compile(re.escape("Der Küchenfahrplan"))
    assert set(leftovers(html.document_fromstring(PAGE.format(body)), names)) == found
