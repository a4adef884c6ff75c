"""What people wrote with marks (Markdown) as plain text for mails: no stars, addresses in brackets, lists as such."""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

PARSER = MarkdownIt("commonmark", {"html": False}).enable("strikethrough").disable("image")
BREAKS = {"softbreak": "\n", "hardbreak": "\n", "html_inline": ""}


def plain(text: str | None) -> str:
    """The text as it reads aloud; words are never lost, only the marks around them."""
    return re.sub(r"\n{3,}", "\n\n", "".join(_blocks(PARSER.parse(text or "")))).strip()


def _blocks(tokens: Sequence[Token]) -> Iterator[str]:
    """Paragraphs apart, points of lists below each other."""
    counts: list[int | None] = []
    mark = ""
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            counts.append(int(token.attrGet("start") or 1) if token.type.startswith("ordered") else None)
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            counts.pop()
            yield "\n"
        elif token.type == "list_item_open":
            number, depth = counts[-1], len(counts) - 1
            mark = "  " * depth + (f"{number}. " if number is not None else "- ")
            counts[-1] = number + 1 if number is not None else None
        elif token.type == "inline":
            yield mark + "".join(_words(token.children or [])) + ("\n" if counts else "\n\n")
            mark = ""
        elif token.type in ("fence", "code_block"):
            yield mark + token.content + "\n"
            mark = ""


def _words(tokens: Sequence[Token]) -> Iterator[str]:
    address, shown = "", ""
    for token in tokens:
        words = BREAKS.get(token.type, token.content)
        if token.type == "link_open":
            address, shown = str(token.attrGet("href") or ""), ""
        elif token.type == "link_close":
            yield f" ({address})" if address and shown != address else ""
            address = ""
        shown += words
        yield words
