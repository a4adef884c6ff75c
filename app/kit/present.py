"""How values look on a page: dates, money, counts, icons, files, pictures."""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from babel.dates import format_date as babel_date
from babel.numbers import format_decimal
from flask import Flask, current_app, url_for
from flask_babel import get_locale
from markupsafe import Markup

from app.kit import clock, covers, plaintext, slots, text
from app.kit.access import can
from app.kit.here import root
from app.kit.i18n import foreign_content, language
from app.kit.i18n import gettext as _
from app.kit.moments import ago, day, moment
from app.kit.static_files import digest_of

NARROW_SPACE = "\u202f"
CURRENCIES = frozenset(("euro", "euros", "eur", "€"))
HUES = (10, 40, 65, 95, 150, 200, 230, 260, 285, 330)
PLAIN = re.compile(r"[a-z0-9-]+")


def start(app: Flask) -> None:
    """Register filters and globals for templates."""
    filters = {"date": day, "datetime": moment, "ago": ago, "money": money, "count": count, "number": number}
    filters |= {"degrees": degrees, "filesize": filesize, "month": month, "ratio": ratio}
    filters |= {"quantity": quantity}
    more: dict[str, Any] = {"markdown": markdown, "excerpt": text.excerpt, "plain": plaintext.plain}
    app.jinja_env.filters |= filters | more
    app.jinja_env.globals |= {
        "icon": icon,
        "asset": asset,
        "url_for": address,
        "cover": covers.cover,
        "initials": initials,
        "hue_of": hue_of,
    }
    app.jinja_env.globals |= {"can": can, "slot": slots.slot, "slot_each": slots.slot_each, "now": clock.now}


def markdown(source: str | None, *, trusted: object = True) -> Markup:
    """What people wrote, as safe HTML; on a page in another language its blocks say in which it is."""
    return text.markdown(source, trusted=trusted, language=foreign_content())


def month(value: date) -> str:
    """The month alone, short enough for a small sign: "Okt.", "Oct"."""
    return babel_date(value, "MMM", locale=_locale())


def money(cents: int | None, currency: str = "EUR") -> str:
    """`18.640 €` with a narrow space, in English `€18,640`; cents are shown only where there are some."""
    whole, rest = divmod(cents or 0, 100)
    locale = get_locale() or "de"
    units = format_decimal(whole + rest / 100, format="#,##0.00", locale=locale) if rest else number(whole)
    sign = "€" if currency == "EUR" else currency
    return f"{units}{NARROW_SPACE}{sign}" if _german() or sign != "€" else f"€{units}"


def number(value: int) -> str:
    """A whole number with the language's grouping."""
    if -1000 < value < 1000:
        return str(value)
    return _grouped(value, _locale())


@lru_cache(maxsize=10_000)
def _grouped(value: int, locale: str) -> str:
    return str(format_decimal(value, locale=locale))


def quantity(value: float, unit: str = "") -> str:
    """A number somebody gave with what it counts: `1.000,50 Euro`, `2,5 km`; money has cents where it has any."""
    is_money = unit.casefold() in CURRENCIES and value != int(value)
    figures = format_decimal(value, format="#,##0.00##" if is_money else "#,##0.####", locale=_locale())
    return f"{figures} {unit}".strip()


def degrees(value: float) -> str:
    """A latitude or longitude to a few metres."""
    return str(format_decimal(value, format="#,##0.0000", locale=_locale()))


def ratio(value: float) -> str:
    """How many times lighter one of two colours is: `7,1 : 1`. Rounded down, so that it promises nothing."""
    tenths = format_decimal(int(value * 10) / 10, format="0.#", locale=_locale())
    return f"{tenths}\u00a0:\u00a01"


def filesize(value: int) -> str:
    """The size of a file: `240 kB`, `1,2 MB`."""
    if value < 1_000_000:
        return f"{number(max(1, round(value / 1000)))} kB"
    return f"{format_decimal(value / 1_000_000, format='#,##0.0', locale=_locale())} MB"


def count(value: int) -> str:
    """A count of things; above a thousand it is rounded down and says so."""
    return number(value) if value <= 1000 else str(_("über %(number)s", number=number(value // 1000 * 1000)))


def icon(name: str, css: str = "") -> Markup:
    """An icon of the sprite, for decoration beside words."""
    return _icon(name, css, root() or "")


def asset(path: str) -> str:
    """The address of a static file with its content's digest, so that it may be kept for ever."""
    return _asset(path, root() or "")


def address(endpoint: str, **values: Any) -> str:
    """Flask's `url_for`; an address of nothing but ids is put together without asking for the rules each time."""
    here = root()
    if here is None or endpoint[0] == ".":
        return url_for(endpoint, **values)
    if not values:
        return _address(endpoint, here)
    name, value = next(iter(values.items()))
    is_plain = type(value) is int or (type(value) is str and PLAIN.fullmatch(value))
    if len(values) == 1 and is_plain and (parts := _parts(endpoint, name)):
        return f"{here}{parts[0]}{value}{parts[1]}"
    slug = values.get("slug") if type(value) is int and len(values) == 2 else None
    if slug and PLAIN.fullmatch(slug) and (ahead := _ahead(endpoint, name)):
        return f"{here}{ahead}{value}-{slug}"
    if path := _path(endpoint):
        given = {name: value for name, value in values.items() if value is not None}
        if all(type(value) in (str, int) and name[0] != "_" for name, value in given.items()):
            query = urlencode(given, safe="!$'()*,/:;?@")  # as werkzeug.urls says it
            return f"{here}{path}?{query}" if query else f"{here}{path}"
    return url_for(endpoint, **values)


def address_of(endpoint: str, name: str) -> Callable[[Any], str]:
    """What gives the address of a thing's page, such as `/ideas/12-ein-dach`, from its id and slug.

    Args:
        name: what the endpoint calls the id.
    """

    def address_of_thing(thing: Any) -> str:
        here, slug = root(), thing.slug
        if here is not None and slug and PLAIN.fullmatch(slug) and (ahead := _ahead(endpoint, name)):
            return f"{here}{ahead}{thing.id}-{slug}"
        return url_for(endpoint, **{name: thing.id, "slug": slug})

    return address_of_thing


def initials(name: str) -> str:
    """Up to two capitals for an avatar."""
    words = [word for word in name.split() if word[:1].isalnum()]
    return "".join(word[0].upper() for word in words[:2])


def hue_of(name: str) -> int:
    """A stable hue for a person or organisation."""
    return HUES[sum(map(ord, name)) % len(HUES)]


@lru_cache(maxsize=2000)
def _icon(name: str, css: str, root: str) -> Markup:
    sprite, css = _asset("icons/sprite.svg", root), f"icon {css}".strip()
    return Markup('<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>').format(css, sprite, name)


@lru_cache(maxsize=2000)
def _asset(path: str, _root: str) -> str:
    folder = current_app.static_folder or ""
    return url_for("static", filename=path, v=_digest(Path(folder) / path, current_app.debug))


@lru_cache(maxsize=500)
def _parts(endpoint: str, name: str) -> tuple[str, str] | None:
    """What stands around the value in an endpoint's only rule, such as `/ideas/<id:idea_id>/support`; else None."""
    rules = list(current_app.url_map.iter_rules(endpoint))
    if len(rules) != 1 or rules[0].defaults:
        return None
    found = re.fullmatch(rf"([^<]*)<(?:[a-z]+(?:\([^)]*\))?:)?{name}>([^<]*)", rules[0].rule)
    return (found[1], found[2]) if found else None


@lru_cache(maxsize=500)
def _path(endpoint: str) -> str:
    """The path of an endpoint's only rule, if it has no places for values: all of them go behind it."""
    rules = list(current_app.url_map.iter_rules(endpoint))
    return rules[0].rule if len(rules) == 1 and "<" not in rules[0].rule and not rules[0].defaults else ""


@lru_cache(maxsize=500)
def _ahead(endpoint: str, name: str) -> str:
    """What stands before the id in an endpoint's rule that ends with it and a readable part; else nothing."""
    end = f"<id:{name}>-<slug:slug>"
    rules = [
        rule.rule.removesuffix(end) for rule in current_app.url_map.iter_rules(endpoint) if rule.rule.endswith(end)
    ]
    return rules[0] if len(rules) == 1 and "<" not in rules[0] else ""


@lru_cache(maxsize=2000)
def _address(endpoint: str, _root: str) -> str:
    return url_for(endpoint)


@lru_cache(maxsize=500)
def _digest(path: Path, _fresh: bool) -> str:
    try:
        return digest_of(path.read_bytes())
    except OSError:
        return "0"


def _locale() -> str:
    return "de" if _german() else "en_GB"


def _german() -> bool:
    return language() == "de"
