"""What somebody typed beside files that are too large: the files are read past, so that the words come back."""

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from werkzeug.datastructures import MultiDict
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import NEED_DATA, Data, Epilogue, Field, File, MultipartDecoder

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

BITE = 64 * 1024
MOST_READ, READ_SECONDS = 64 * 1024 * 1024, 20.0
MOST_PARTS, MOST_WORDS = 1000, 500_000


def typed_beside_files(environ: "WSGIEnvironment") -> MultiDict[str, str]:
    """The words of a form with files (multipart) whose body nobody has read yet; what cannot be read is left out.

    At most 64 MB and 20 seconds are read, and half a million bytes of words kept; who asks before sending (Expect)
    is not made to send.
    """
    kind, options = parse_options_header(environ.get("CONTENT_TYPE", ""))
    length = environ.get("CONTENT_LENGTH", "")
    if kind != "multipart/form-data" or not options.get("boundary") or "HTTP_EXPECT" in environ:
        return MultiDict()
    if not length.isdecimal() or int(length) > MOST_READ:
        return MultiDict()
    decoder = MultipartDecoder(options["boundary"].encode("latin-1", "replace"), max_parts=MOST_PARTS)
    found = MultiDict[str, str]()
    with suppress(ValueError):  # no multipart after all, or cut off
        for name, words in _words(decoder, environ, int(length)):
            found.add(name, words)
    return found


def _words(decoder: MultipartDecoder, environ: "WSGIEnvironment", left: int) -> Iterator[tuple[str, str]]:
    name, kept, room, until = "", bytearray(), MOST_WORDS, time.monotonic() + READ_SECONDS
    while room > 0 and time.monotonic() < until:
        event = decoder.next_event()
        if event is NEED_DATA:
            bite = environ["wsgi.input"].read(min(BITE, left))
            left -= len(bite)
            decoder.receive_data(bite or None)
        elif isinstance(event, Field | File):
            name = event.name if isinstance(event, Field) else ""
            kept.clear()
        elif isinstance(event, Data) and name:
            kept += event.data
            room -= len(event.data)
            if not event.more_data and room > 0:
                yield name, kept.decode("utf-8", "replace")
        elif isinstance(event, Epilogue):
            return
