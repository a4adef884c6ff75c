"""Text of people: cleaned on the way in, turned into safe HTML on the way out."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

import nh3
from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

TAGS = {"p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code", "pre", "h3", "h4", "hr", "del"}
TABLE_TAGS = {"table", "thead", "tbody", "tr", "th", "td", "div"}
TABLE_FRAME = "table-frame"
SIDES = {"text-align:right": "to-right", "text-align:center": "to-center"}
LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "o", "ł": "l"})
# Control characters carry no meaning in a text; direction overrides could disguise one (Unicode TR 36).
MARKS = re.compile(r"(?m)^[#>\s]+|[*`]+|\[([^\]]*)\]\([^)]*\)")
# Most of what people write: lines of words that mean nothing else in Markdown, and hold no address. Runs are taken
# whole (possessive), which is several times as fast: what may follow a line, its end, is never part of a run.
LINE = r"(?:[^\W\d_]|[„“»])(?:[\w ,;?!'„“”‚‘’»«–—…()%€§°-]++|[.:](?!\S))*+(?<! )"
PROSE = re.compile(rf"(?!.*_){LINE}(?:\n++{LINE})*+", re.DOTALL)
# What may be an address, and how many may be links: looking for where they end takes 0.1 s for a text full of them.
PERHAPS_ADDRESS = re.compile(r"[^\s.:/][.:/]+[^\s.:/]")
MOST_ADDRESSES = 200
BLANK = re.compile(r"\n{2,}")
UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u0080-\u009f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")


def clean_line(value: str | None) -> str | None:
    """One line: composed (NFC), without control characters, white space folded."""
    return " ".join(clean_text(value).split()) if value else value


def clean_text(value: str | None) -> str:
    """Several lines: composed (NFC), without control characters, line ends as `\\n`, ends trimmed."""
    text = unicodedata.normalize("NFC", (value or "").replace("\r\n", "\n").replace("\r", "\n"))
    return UNWANTED.sub("", text).strip()


def slugify(title: str, length: int = 60) -> str:
    """The readable part of an address: `Über die Brücke` becomes `ueber-die-bruecke`; may be `seite`."""
    text = unicodedata.normalize("NFKD", title.lower().translate(LETTERS))
    words = re.findall(r"[a-z0-9]+", text.encode("ascii", "ignore").decode())
    slug = ""
    for word in words:
        if slug and len(slug) + 1 + len(word) > length:
            break
        slug = f"{slug}-{word}" if slug else word[:length]
    return slug or "seite"


def split_address(address: str) -> SplitResult | None:
    """The parts of a web address; None where it is none (a broken host or port)."""
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 (reading it checks it)
    except ValueError:
        return None
    return parts


def excerpt(text: str, length: int = 160) -> str:
    """The first `length` characters as one plain line, cut at a word."""
    line = " ".join(MARKS.sub(r"\1", text).split())
    if len(line) <= length:
        return line
    return line[:length].rsplit(" ", 1)[0].rstrip(",.;:") + " …"


@lru_cache(maxsize=4)
def _parser(links: bool, tables: bool = False) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": links, "breaks": True})
    parser.enable("strikethrough").disable(["image", "html_block", "html_inline"])
    if links:
        parser.linkify = LinkifyIt()
        parser.enable("linkify")
    return parser.enable("table") if tables else parser


def markdown(text: str | None, *, trusted: object = True, language: str = "") -> Markup:
    """Safe HTML of a person's Markdown; headings become h3 and h4, pictures and raw HTML stay text.

    Links of people who are not trusted yet keep their words and lose their target (PRODUCT, "People").
    With a `language` its outermost elements carry that code.
    """
    if PROSE.fullmatch(text or ""):
        return _prose(text or "", language)
    parser = _parser(bool(trusted) and len(PERHAPS_ADDRESS.findall(text or "")) <= MOST_ADDRESSES)
    tokens = parser.parse(text or "")
    for token in tokens:
        if token.type.startswith("heading"):
            token.tag = "h3" if token.tag in ("h1", "h2", "h3") else "h4"
        if language and token.level == 0 and token.nesting == 1:
            token.attrSet("lang", language)
    clean = nh3.clean(
        parser.renderer.render(tokens, parser.options, {}),
        tags=TAGS if trusted else TAGS - {"a"},
        attributes={"a": {"href"}, "*": {"lang"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener ugc",
    )
    return Markup(clean)  # noqa: S704 (cleaned by nh3's allow-list one line above)


def _prose(text: str, language: str) -> Markup:
    """Paragraphs and lines, as the parser would write them."""
    begin = f'<p lang="{language}">' if language else "<p>"
    if "\n" in text:
        text = f"</p>\n{begin}".join(one.replace("\n", "<br>\n") for one in BLANK.split(text))
    return Markup(f"{begin}{text}</p>\n")  # noqa: S704 (`PROSE` has nothing to escape)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a document: its level (2 to 4), the id it can be linked by, and its words."""

    level: int
    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Document:
    """A longer text as safe HTML, and its headings for a table of contents."""

    html: Markup
    headings: tuple[Heading, ...]


def document(text: str) -> Document:
    """Safe HTML of an operator's Markdown: headings begin at h2, skip no level and can be linked to.

    Its tables scroll sideways on their own where the window is narrow.
    """
    parser = _parser(links=True, tables=True)
    tokens = parser.parse(text)
    headings: list[Heading] = []
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            words = excerpt(tokens[place + 1].content, 200)
            # Never deeper by more than one: readers of screens walk by level (WCAG technique G141).
            level = min(max(int(token.tag[1]), 2), headings[-1].level + 1 if headings else 2, 4)
            headings.append(Heading(level, _free_id(words, {heading.id for heading in headings}), words))
            token.tag = tokens[place + 2].tag = f"h{level}"
            token.attrSet("id", headings[-1].id)
    html = parser.renderer.render(_with_scrolling_tables(tokens), parser.options, {})
    return Document(_clean_document(html), tuple(headings))


def _with_scrolling_tables(tokens: list[Token]) -> list[Token]:
    """Each table in a frame that the keyboard reaches (WCAG 2.1.1), named by its first row; cells keep their side."""
    done: list[Token] = []
    for place, token in enumerate(tokens):
        if token.type == "table_open":
            done.append(Token("frame_open", "div", 1, attrs={"class": TABLE_FRAME, "role": "group", "tabindex": "0"}))
            done[-1].attrSet("aria-label", _first_row(tokens[place:]))
        if token.type == "th_open":
            token.attrSet("scope", "col")
        if token.type in ("th_open", "td_open") and (side := SIDES.get(str(token.attrGet("style")))):
            token.attrSet("class", side)  # our policy allows no style attributes
        done.append(token)
        if token.type == "table_close":
            done.append(Token("frame_close", "div", -1))
    return done


def _first_row(tokens: list[Token]) -> str:
    end = next(place for place, token in enumerate(tokens) if token.type == "tr_close")
    return ", ".join(excerpt(token.content, 60) for token in tokens[:end] if token.type == "inline" and token.content)


def _free_id(words: str, taken: set[str]) -> str:
    stem = f"s-{slugify(words)}"
    return next(name for name in (stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))) if name not in taken)


def _clean_document(html: str) -> Markup:
    levels = ("h2", "h3", "h4")
    clean = nh3.clean(
        html,
        tags=TAGS | TABLE_TAGS | {"h2"},
        attributes={"a": {"href"}, "th": {"scope"}, "div": {"role", "tabindex", "aria-label"}}
        | {level: {"id"} for level in levels},
        allowed_classes={"div": {TABLE_FRAME}, "th": set(SIDES.values()), "td": set(SIDES.values())},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener",
    )
    return Markup(clean)  # noqa: S704 (cleaned by nh3's allow-list one line above)


def printable(text: str) -> str:
    """A text as pages, reports and databases take it, whatever a file held: without NUL and lone surrogates."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
