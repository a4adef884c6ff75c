"""Pieces of pages that are the same for many readers, kept in the memory of each process.

What a member sees beside what is their own is what others see, too: the bar of filters, the cards of a list, a thread.
A piece is kept by all that may differ from reader to reader and from minute to minute; its `words` say it. It holds as
long as nothing was published, edited or hidden (`kit.changes`, asked before a request reads anything), and as long as
what follows the clock is true (`kit.clock`). Votes and comments do not end it: what they change on it is a word.
"""

import secrets
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

from flask import Flask, request
from markupsafe import Markup
from sqlalchemy.exc import OperationalError

from app.kit import clock
from app.kit.changes import State, foresee_prompt
from app.kit.db import abandon
from app.kit.here import root
from app.kit.i18n import reads_easily, variant
from app.kit.pipeline import Foreseen
from app.kit.prepared import send_what_waits
from app.kit.units import current
from app.kit.web import csrf_field

HERE = "pieces.here"
MOST, FEWER = 100, {"comments": 25}
"""How many of a name. Cards of a list are some 130 kB in memory, threads up to 200."""
LONGEST = 1000
"""Letters of what a piece is kept by; whoever makes up longer addresses fills no memory with them."""
TOKEN_PLACE = Markup(f"<!-- {secrets.token_hex(16)} -->")  # noqa: S704 (our own; nobody can guess it)
"""Where the reader's token belongs in a piece whose forms members send."""
LARGEST = 500_000
"""Letters of a piece that is kept: a hundred long comments."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Piece:
    """What was made, how often something had changed before that shows at once, and until when it is true."""

    made: Any
    prompt: int
    until: datetime | None


class Pieces:
    """Those of each name that were asked for last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, OrderedDict[Hashable, Piece]] = defaultdict(OrderedDict)

    def find(self, name: str, key: Hashable, prompt: int) -> Piece | None:
        """What is kept, if it is still true."""
        with self._lock:
            room = self._kept[name]
            piece = room.get(key)
            if piece is not None:
                room.move_to_end(key)
        if piece is None or piece.prompt != prompt or (piece.until and clock.has_come(piece.until)):
            return None
        return piece

    def keep(self, name: str, key: Hashable, piece: Piece) -> None:
        with self._lock:
            room = self._kept[name]
            room[key] = piece
            room.move_to_end(key)
            if len(room) > FEWER.get(name, MOST):
                room.popitem(last=False)


def start(app: Flask) -> None:
    """What templates call: `{% call kept_piece("name", …) %}…{% endcall %}`."""
    app.jinja_env.globals |= {"kept_piece": _kept_piece, "token_place": TOKEN_PLACE}


def offer(environ: dict[str, Any], pieces: Pieces, state: State | None) -> None:
    """Let a request that begins use what is kept; it has not read anything of the database yet."""
    environ[HERE] = None if state is None else (pieces, state.all.prompt)


def offer_later(environ: dict[str, Any], pieces: Pieces) -> None:
    """The same where nobody has asked yet what has changed: that goes along with what the request reads first."""
    environ[HERE] = (pieces, None)


def look_first() -> None:
    """A unit of work that only reads begins, and has not read anything yet."""
    here = request.environ.get(HERE)
    if here is not None and here[1] is None:
        try:
            request.environ[HERE] = here[0], foresee_prompt()
        except OperationalError:  # whatever needs no database comes without
            abandon()


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
    pieces, prompt = here[0], _known(here[1])
    if prompt is None:
        return make()
    key = (words, address, variant(), reads_easily())
    piece = pieces.find(name, key, prompt)
    if piece is None:
        with clock.noting() as span:
            made = make()
        piece = Piece(made, prompt, span.end)
        if not isinstance(made, str) or len(made) <= LARGEST:
            pieces.keep(name, key, piece)
        if piece.until is not None:
            clock.good_until(piece.until)  # for the page around it, too
    return cast(T, piece.made)


def _known(prompt: int | Foreseen | None) -> int | None:
    """How often something had changed before anything was read; None where that was not heard."""
    if isinstance(prompt, Foreseen):
        if prompt.answer is None and current.get() is not None:
            send_what_waits()  # if it waits no longer, it was lost; asked now, it might be newer than what was read
        return cast(int, prompt.answer.rows[0][0]) if prompt.answer is not None else None
    return prompt


def _length(*words: Hashable) -> int:
    return sum([len(word) for word in words if isinstance(word, str | bytes)])


def _kept_piece(name: str, *words: Hashable, caller: Callable[[], Markup], tokens: bool = False) -> Markup:
    made = kept(name, *words, make=caller)
    return made.replace(TOKEN_PLACE, csrf_field()) if tokens else made
