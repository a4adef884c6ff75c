"""Walk a site from its front page as one person: every address its pages name is asked for, and answers."""

from __future__ import annotations

import gzip
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from lxml import html
from werkzeug.exceptions import HTTPException, MethodNotAllowed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from lxml.html import HtmlElement

    from tests.client import Client

HOST = "http://localhost"
# Each path is followed. What differs only in its query is followed this often for each route and set of names.
QUERIES_EACH = 3
# One and the same page for each thing there is: the first ones stand for all.
FEW = (
    "ideas.poster",
    "ideas.share",
    "moderation.report",
    "ideas.dashboard",
    "projects.new_from_idea",
    "projects.edit_update",
)
FEW += ("challenges.edit", "challenges.phases", "challenges.questions", "challenges.hosts", "challenges.voting")
ALIKE = dict.fromkeys(FEW, 5) | {"ideas.poster_pdf": 1, "ideas.qr": 3}
# These change what the walk is made of: the language it is in.
SWITCHES = {"lang", "easy"}
LOADED = (
    "//img/@src",
    "//script/@src",
    "//link[not(@rel='canonical')]/@href",
    "//source/@src",
    "//object/@data",
    "//use/@href",
)
FOLLOWED = ("//a/@href", "//form[not(translate(@method, 'POST', 'post') = 'post')]/@action", "//*/@hx-get")
# The form #acts lends itself to buttons that say where they lead.
SENT = (
    "//form[translate(@method, 'POST', 'post') = 'post'][not(@id = 'acts')]/@action",
    "//*/@formaction",
    "//*/@hx-post",
)
SETS_OF_PICTURES = ("//img/@srcset", "//source/@srcset")


@dataclass(frozen=True)
class Link:
    """An address without its #id, and that id."""

    address: str
    target: str = ""


@dataclass
class Answer:
    """What came back; of a page its tree."""

    status: int
    leads_to: str = ""
    text: str = ""

    @cached_property
    def tree(self) -> HtmlElement | None:
        return html.document_fromstring(self.text) if "<html" in self.text[:500] else None

    @cached_property
    def ids(self) -> set[str]:
        return set() if self.tree is None else set(self.tree.xpath("//@id"))


@dataclass
class Walk:
    """One person's walk: `answers` by address, `found` what was wrong."""

    app: Flask
    client: Client
    headers: dict[str, str]
    answers: dict[str, Answer] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)
    named_on: dict[Link, str] = field(default_factory=dict)
    _followed: Counter[tuple[str, frozenset[str]]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._routes = self.app.url_map.bind("localhost")

    def go(self, start: str) -> Walk:
        """Ask for `start` and whatever is named from there on."""
        waiting = [Link(start)]
        self.named_on[waiting[0]] = "the start"
        for link in waiting:
            if link.address in self.answers or not self._is_due(link.address):
                continue
            answer = self.answers[link.address] = self._ask(link.address)
            self._judge(link, answer)
            for further in self._named(link.address, answer):
                if further not in self.named_on:
                    self.named_on[further] = link.address
                    waiting.append(further)
        self.found += self._lost_targets()
        return self

    def pages(self) -> Iterator[tuple[str, HtmlElement]]:
        """Every page that was read."""
        for address, answer in self.answers.items():
            if answer.status == 200 and answer.tree is not None:
                yield address, answer.tree

    def _is_due(self, address: str) -> bool:
        names = frozenset(name for name, _value in parse_qsl(urlsplit(address).query, keep_blank_values=True))
        endpoint = self._endpoint(urlsplit(address).path, "GET")
        if names & SWITCHES:
            return False
        if not names and endpoint not in ALIKE:
            return True
        kind = (endpoint, frozenset() if endpoint in ALIKE else names)
        self._followed[kind] += 1
        return self._followed[kind] <= ALIKE.get(endpoint, QUERIES_EACH)

    def _endpoint(self, path: str, method: str) -> str:
        try:
            return str(self._routes.match(path, method)[0])
        except MethodNotAllowed:
            return "not " + method
        except HTTPException:  # also the redirect to a better address
            return ""

    def _ask(self, address: str) -> Answer:
        try:
            response = self.client.get(address, headers=self.headers)
        except Exception as error:  # tests let a view's errors through; here each is one finding
            self.found.append(f"{address}: {error}")
            return Answer(0)
        with response:
            if response.status_code in (301, 302, 303, 307, 308):
                return Answer(response.status_code, leads_to=response.location)
            if response.mimetype != "text/html":
                return Answer(response.status_code)
            body = response.get_data()
            body = gzip.decompress(body) if response.headers.get("Content-Encoding") == "gzip" else body
            return Answer(response.status_code, text=body.decode())

    def _judge(self, link: Link, answer: Answer) -> None:
        if answer.status >= 400:
            self.found.append(f"{link.address} answers {answer.status}, named on {self.named_on[link]}")

    def _named(self, address: str, answer: Answer) -> Iterator[Link]:
        if answer.leads_to:
            yield from self._own(address, [answer.leads_to])
        if answer.tree is None:
            return
        tree = answer.tree
        for sent in self._own(address, (name for path in SENT for name in tree.xpath(path))):
            if self._endpoint(urlsplit(sent.address).path, "POST") in ("", "not POST"):
                self.found.append(f"{sent.address} takes no form, named on {address}")
        yield from self._own(address, (name for path in (*FOLLOWED, *LOADED) for name in tree.xpath(path)))
        sets = (part for path in SETS_OF_PICTURES for names in tree.xpath(path) for part in names.split(","))
        yield from self._own(address, (part.split()[0] for part in sets))

    def _own(self, address: str, names: Iterator[str] | list[str]) -> Iterator[Link]:
        """The addresses of this site among `names`, whole."""
        for name in names:
            whole, target = urldefrag(urljoin(HOST + address, name.strip()))
            if whole.startswith(f"{HOST}/"):
                yield Link(whole.removeprefix(HOST), target)

    def _lost_targets(self) -> Iterator[str]:
        for link, place in self.named_on.items():
            answer = self.answers.get(link.address)
            for _hop in range(4):
                if answer and answer.leads_to:
                    answer = self.answers.get(urldefrag(answer.leads_to.removeprefix(HOST)).url)
            if link.target and answer and answer.status == 200 and answer.text and link.target not in answer.ids:
                yield f"{link.address}#{link.target} is named on {place}, there is no such id"
