"""Text of people: cleaned on the way in, turned into safe HTML on the way out."""

import re
import unicodedata
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

import nh3
from linkify_it import LinkifyIt
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = {"p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "code", "pre", "h3", "h4", "hr", "del"}
LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "o", "ł": "l"})
# Control characters carry no meaning in a text; direction overrides could disguise one (Unicode TR 36).
MARKS = re.compile(r"(?m)^[#>\s]+|[*`]+|\[([^\]]*)\]\([^)]*\)")
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
def _parser(links: bool) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": links, "breaks": True})
    parser.enable("strikethrough").disable(["image", "html_block", "html_inline"])
    if links:
        parser.linkify = LinkifyIt()
        parser.enable("linkify")
    return parser


def markdown(text: str | None, *, trusted: object = True) -> Markup:
    """Safe HTML of a person's Markdown; headings become h3 and h4, pictures and raw HTML stay text.

    Links of people who are not trusted yet keep their words and lose their target (PRODUCT, "People").
    """
    html = _parser(bool(trusted)).render(text or "")
    html = re.sub(r"<(/?)h[1-3]>", r"<\1h3>", html)
    html = re.sub(r"<(/?)h[4-6]>", r"<\1h4>", html)
    tags = TAGS if trusted else TAGS - {"a"}
    clean = nh3.clean(
        html,
        tags=tags,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener ugc",
    )
    return Markup(clean)  # noqa: S704 (cleaned by nh3's allow-list one line above)
