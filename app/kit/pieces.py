"""Pieces of pages that are the same for many readers, kept in the memory of each process.

What a member sees beside what is their own is what others see, too: the bar of filters, the cards of a list. A piece is
kept by all that may differ from reader to reader and from minute to minute; its `words` say it. It holds as long as
nothing was published, edited or hidden (`kit.changes`, asked before a request reads anything), and as long as what
follows the clock is true (`kit.clock`). Votes and comments do not end it: what they change on it is among its words.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

from flask import Flask, request

from app.kit import clock
from app.kit.changes import State
from app.kit.here import root
from app.kit.i18n import reads_easily, variant

HERE = "pieces.here"
MOST = 100
"""Cards of a list are some 130 kB in memory."""
LONGEST = 1000
"""Letters of what a piece is kept by; whoever makes up longer addresses fills no memory with them."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Piece:
    """What was made, how often something had changed before that shows at once, and until when it is true."""

    made: Any
    prompt: int
    until: datetime | None


class Pieces:
    """Those that were asked for last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, Piece] = OrderedDict()

    def find(self, key: Hashable, prompt: int) -> Piece | None:
        """What is kept, if it is still true."""
        with self._lock:
            piece = self._kept.get(key)
            if piece is not None:
                self._kept.move_to_end(key)
        if piece is None or piece.prompt != prompt or (piece.until and clock.has_come(piece.until)):
            return None
        return piece

    def keep(self, key: Hashable, piece: Piece) -> None:
        with self._lock:
            self._kept[key] = piece
            self._kept.move_to_end(key)
            if len(self._kept) > MOST:
                self._kept.popitem(last=False)


def start(app: Flask) -> None:
    """What templates call: `{% call kept_piece("name", …) %}…{% endcall %}`."""
    app.jinja_env.globals["kept_piece"] = _kept_piece


def offer(environ: dict[str, Any], pieces: Pieces, state: State | None) -> None:
    """Let a request that begins use what is kept; it has not read anything of the database yet."""
    environ[HERE] = None if state is None else (pieces, state.all.prompt)


def kept(name: str, *words: Hashable, make: Callable[[], T]) -> T:
    """What `make` makes, or has made for the same words of the same name; it must not be changed.

    Args:
        words: all it depends on beside what everybody sees of the database, language, clock, host and root of the
            address. None among them: it is this reader's alone, and not kept.
    """
    here = request.environ.get(HERE)
    address = request.environ.get("HTTP_HOST", ""), request.scheme, root()
    if here is None or None in words or _length(*words, *address) > LONGEST:
        return make()
    pieces, prompt = here
    key = (name, words, address, variant(), reads_easily())
    piece = pieces.find(key, prompt)
    if piece is None:
        with clock.noting() as span:
            made = make()
        piece = Piece(made, prompt, span.end)
        pieces.keep(key, piece)
        if piece.until is not None:
            clock.good_until(piece.until)  # for the page around it, too
    return cast(T, piece.made)


def _length(*words: Hashable) -> int:
    return sum([len(word) for word in words if isinstance(word, str | bytes)])


def _kept_piece(name: str, *words: Hashable, caller: Callable[[], Any]) -> Any:
    return kept(name, *words, make=caller)
