"""Whether HTML parses as the standard has it: every "parse error" of its parser, told with its place.

https://html.spec.whatwg.org/multipage/parsing.html#parse-errors

A parser written in Python takes 20 ms for a page, and a suite fetches thousands. So pages are reduced to what can make
an error, taken apart into their parts, and each part is parsed once by a process. Only what then looks wrong is parsed
whole and as it is, and that alone decides.
"""

import re

from tinyhtml5.parser import HTMLParser

# Where a fragment's first element stands in a page: `<tr>` alone is an error everywhere but in a table.
CONTAINERS = {"tr": "tbody", "td": "tr", "th": "tr", "tbody": "table", "thead": "table", "caption": "table"}
CONTAINERS |= {"option": "select", "optgroup": "select"}
FIRST_TAG = re.compile(r"\s*<([a-z0-9-]+)")

# What can make no error: references to characters that escaping writes, words between tags, values in quotation marks.
CONTROL = r"\x00-\x08\x0b\x0e-\x1f\x7f-\x9f"
REFERENCES = re.compile(r"&(?:amp|lt|gt|quot|nbsp|shy|#3[49]);")
WORDS = re.compile(rf">\s*[^\s<&{CONTROL}][^<&{CONTROL}]*<")
VALUES = re.compile(rf'="(?:[^"&{CONTROL}]*|([^"]*))"')
BLANKS = re.compile(r"\s+")

# Elements that are judged alone, the innermost first; an empty one stays in their place.
NAMES = "svg|article|li|dl|ul|ol|div|details|fieldset|section|form|nav|aside|header|footer|main"
INNERMOST = re.compile(rf"<({NAMES})\b[^>]*>(?:[^<]|<(?!(?:{NAMES})\b))*?</\1>")
# These must not stand in one of their own, however deep: a part that holds one still shows it to what is around.
NEVER_NESTED = re.compile(r"<(a|button|form)\b", re.IGNORECASE)
REPEATED = re.compile(r"(<[^<>]*></[^<>]*>)(?:\s*\1)+")

_without_error: set[int] = set()


def parse_errors(text: str) -> list[str]:
    """Every parse error of a page or of a fragment, as a sentence."""
    bare = _bare(text)
    if hash(bare) in _without_error or all(map(_is_fine, _parts(bare))) or not (found := _parse(text)):
        _without_error.add(hash(bare))
        return []
    return found


def _bare(text: str) -> str:
    text = WORDS.sub(">x<", REFERENCES.sub("x", text))
    return BLANKS.sub(" ", VALUES.sub(lambda match: f'="{match[1] or ""}"', text))


def _parts(bare: str) -> list[str]:
    """The markup in pieces that can be judged alone; last the page without them."""
    parts: dict[str, None] = {}

    def take_out(match: re.Match[str]) -> str:
        parts[match.group()] = None
        inside = set(NEVER_NESTED.findall(match.group(), 1))
        name = match[1].upper()  # the same to the parser, and done with
        return f"<{name}>{''.join(f'<{tag}></{tag}>' for tag in sorted(inside))}</{name}>"

    found = 1
    while found:
        bare, found = INNERMOST.subn(take_out, bare)
        bare = REPEATED.sub(r"\1", bare)
    return [*parts, bare]


def _is_fine(part: str) -> bool:
    if hash(part) not in _without_error and not _parse(part):
        _without_error.add(hash(part))
    return hash(part) in _without_error


def _parse(text: str) -> list[str]:
    parser = HTMLParser()
    if "<html" in text[:500].lower():
        parser.parse(text)
    else:
        first = FIRST_TAG.match(text)
        parser.parse_fragment(text, container=CONTAINERS.get(first.group(1), "div") if first else "div")
    lines = text.splitlines()
    return [
        f"does not parse: {code} {data or ''} in line {line}: {_around(lines, line, column)!r}"
        for (line, column), code, data in parser.errors
    ]


def _around(lines: list[str], line: int, column: int) -> str:
    whole = lines[line - 1] if line <= len(lines) else ""
    return whole[max(0, column - 60) : column + 20]
