"""Numbers sealed into a short text for a link: nobody can read them, nobody can make one.

Deterministic authenticated encryption in the manner of SIV (RFC 5297), with HMAC-SHA256 as its pseudorandom
function: the tag authenticates the numbers and is the nonce that hides them. Made of the secret key, without expiry.
"""

import base64
import binascii
import hashlib
import hmac
import struct

from app.kit.web import settings

TAG = 16


def seal(purpose: str, first: int, second: int) -> str:
    """Two ids of at most 63 bits as 43 letters that fit into an address; the same ids give the same text."""
    plain = struct.pack(">QQ", first, second)
    tag = _digest(purpose, "tag", plain)
    return base64.urlsafe_b64encode(tag + _hidden(purpose, tag, plain)).decode().rstrip("=")


def unseal(purpose: str, text: str) -> tuple[int, int] | None:
    """The ids of a text that `seal` made for this purpose; None for any other text."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    if len(raw) != TAG + 16:
        return None
    tag, plain = raw[:TAG], _hidden(purpose, raw[:TAG], raw[TAG:])
    if not hmac.compare_digest(tag, _digest(purpose, "tag", plain)):
        return None
    first, second = struct.unpack(">QQ", plain)
    return first, second


def _hidden(purpose: str, tag: bytes, text: bytes) -> bytes:
    stream = _digest(purpose, "stream", tag)
    return bytes(one ^ other for one, other in zip(text, stream, strict=True))


def _digest(purpose: str, use: str, text: bytes) -> bytes:
    key = hashlib.sha256(f"{purpose}:{use}:{settings().secret_key}".encode()).digest()
    return hmac.new(key, text, hashlib.sha256).digest()[:TAG]
