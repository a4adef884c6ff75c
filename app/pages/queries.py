"""Texts of pages: the newest, their versions, those shipped."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from sqlalchemy import Select, func, select

from app.kit.db import db
from app.kit.errors import NotFound
from app.kit.i18n import LANGUAGES
from app.kit.identity import site_name
from app.kit.web import settings
from app.pages.models import KEYS, Page, PageVersion

CONTENT = Path(__file__).parent / "content"
SOURCE = "de"
VERSIONS = 200
PLACEHOLDER = re.compile(r"(?<![\]\\])\[[^\[\]\n]{2,}\](?![(\[:])")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """A page's text in one language; number 0 is what the platform ships with."""

    key: str
    language: str
    number: int
    title: str
    body: str
    note: str = ""
    author_id: int | None = None
    created_at: datetime | None = None

    @property
    def is_shipped(self) -> bool:
        return self.number == 0

    @property
    def placeholders(self) -> list[str]:
        """What the operator still has to fill in, each once, in the order of the text."""
        return list(dict.fromkeys(PLACEHOLDER.findall(self.body)))


def text_for_reader(key: str, language: str) -> PageText:
    """The text a reader of this language gets.

    The shipped translation belongs to the shipped German text. Once the German one has been edited, a language nobody
    has edited has no text of its own: its readers get the German one, whose `language` says so.
    """
    edited = _edited(key)
    return edited.get((key, language)) or edited.get((key, SOURCE)) or shipped(key, language)


def newest_text(key: str, language: str) -> PageText:
    """The newest text in exactly this language, to be edited."""
    return _edited(key).get((key, language)) or shipped(key, language)


def newest_texts() -> dict[str, dict[str, PageText]]:
    """Every page's newest text by key and language. One query."""
    edited = _edited()
    return {key: {code: edited.get((key, code)) or shipped(key, code) for code in LANGUAGES} for key in KEYS}


def version(key: str, language: str, number: int) -> PageText:
    """One version; number 0 is the shipped text.

    Raises:
        NotFound: there is none of this number.
    """
    if number == 0:
        return shipped(key, language)
    found = _versions(key).where(PageVersion.language == language, PageVersion.number == number)
    row = db.session.scalars(found).first()
    if row is None:
        raise NotFound
    return _text(key, row)


def versions(key: str, language: str) -> Sequence[PageText]:
    """The newest two hundred versions, newest first, and at the end the shipped text."""
    found = _versions(key).where(PageVersion.language == language).order_by(PageVersion.number.desc()).limit(VERSIONS)
    return [*(_text(key, row) for row in db.session.scalars(found)), shipped(key, language)]


def page_of_key(key: str) -> Page | None:
    """The anchor of a page, if it was ever edited."""
    return db.session.scalars(select(Page).where(Page.key == key)).first()


def page_by_id(page_id: int) -> Page:
    """A page by its subject's id.

    Raises:
        NotFound: none, or one this release does not know.
    """
    page = db.session.get(Page, page_id)
    if page is None or page.key not in KEYS:
        raise NotFound
    return page


def shipped(key: str, language: str) -> PageText:
    """What the platform ships with, in the name of this site."""
    title, body = _file(key, language)
    named = body.replace("{site_name}", site_name()).replace("{base_url}", settings().base_url)
    return PageText(key=key, language=language, number=0, title=title, body=named)


@lru_cache(maxsize=32)
def _file(key: str, language: str) -> tuple[str, str]:
    heading, _line, body = (CONTENT / language / f"{key}.md").read_text(encoding="utf-8").partition("\n")
    return heading.removeprefix("# ").strip(), body.strip()


def _edited(key: str = "") -> dict[tuple[str, str], PageText]:
    """The newest version of each edited text, of one page or of all, by key and language."""
    latest = select(PageVersion.page_id, PageVersion.language, func.max(PageVersion.number).label("number"))
    latest_of = latest.group_by(PageVersion.page_id, PageVersion.language).subquery()
    found = select(Page.key, PageVersion).join(PageVersion, PageVersion.page_id == Page.id)
    found = found.join(
        latest_of,
        (latest_of.c.page_id == PageVersion.page_id)
        & (latest_of.c.language == PageVersion.language)
        & (latest_of.c.number == PageVersion.number),
    )
    rows = db.session.execute(found.where(Page.key == key) if key else found)
    return {(own_key, row.language): _text(own_key, row) for own_key, row in rows}


def _versions(key: str) -> Select[PageVersion]:
    return select(PageVersion).join(Page, Page.id == PageVersion.page_id).where(Page.key == key)


def _text(key: str, row: PageVersion) -> PageText:
    return PageText(
        key=key,
        language=row.language,
        number=row.number,
        title=row.title,
        body=row.body,
        note=row.note,
        author_id=row.author_id,
        created_at=row.created_at,
    )
