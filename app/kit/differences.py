"""What changed between two texts: by paragraphs, and within changed paragraphs by words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, ADDED, REMOVED = "same", "added", "removed"
AROUND = 1
# A number is one word, whatever signs stand within it: 1.250,50 · 12:30 · 3/4.
WORDS = re.compile(r"\s+|\d+(?:[.,:/]\d+)+|[^\s\w]|\w+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that is the same, added or removed."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the comparison; `left_out` counts unchanged lines that are not shown here."""

    pieces: tuple[Piece, ...] = ()
    left_out: int = 0

    @property
    def is_changed(self) -> bool:
        return any(piece.kind != SAME for piece in self.pieces)


def differences(old: str, new: str) -> list[Line]:
    """The lines of both texts with what was added and removed; of unchanged ones only the nearest."""
    before, after = old.splitlines(), new.splitlines()
    lines: list[Line] = []
    for kind, i, k, j, m in SequenceMatcher(None, before, after).get_opcodes():
        if kind == "equal":
            lines += _shortened(before[i:k], is_first=i == 0 and j == 0, is_last=k == len(before) and m == len(after))
        else:
            lines += _changed(before[i:k], after[j:m])
    return lines


def _changed(before: list[str], after: list[str]) -> Iterator[Line]:
    paired = min(len(before), len(after))
    for old, new in zip(before, after, strict=False):
        yield Line(tuple(_by_words(old, new)))
    for old in before[paired:]:
        yield Line((Piece(REMOVED, old),))
    for new in after[paired:]:
        yield Line((Piece(ADDED, new),))


def _by_words(old: str, new: str) -> Iterator[Piece]:
    before, after = WORDS.findall(old), WORDS.findall(new)
    if _likeness(before, after) < 0.4:  # two different paragraphs: word by word would be a jumble
        yield from (Piece(kind, text) for kind, text in ((REMOVED, old), (ADDED, new)) if text)
        return
    matcher = SequenceMatcher(None, before, after, autojunk=len(before) + len(after) > 4000)
    for kind, i, k, j, m in matcher.get_opcodes():
        if kind == "equal":
            yield Piece(SAME, "".join(before[i:k]))
            continue
        if k > i:
            yield Piece(REMOVED, "".join(before[i:k]))
        if m > j:
            yield Piece(ADDED, "".join(after[j:m]))


def _likeness(before: list[str], after: list[str]) -> float:
    old, new = ([word for word in words if not word.isspace()] for words in (before, after))
    return SequenceMatcher(None, old, new).quick_ratio()


def _shortened(lines: list[str], *, is_first: bool, is_last: bool) -> Iterator[Line]:
    head, tail = (0 if is_first else AROUND), (0 if is_last else AROUND)
    shown = [Line((Piece(SAME, text),)) for text in lines]
    hidden = len(lines) - head - tail
    if hidden <= 1:
        yield from shown
        return
    yield from shown[:head]
    yield Line(left_out=hidden)
    yield from shown[len(lines) - tail :]
