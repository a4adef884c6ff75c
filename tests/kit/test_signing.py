"""Signed words are those of the libraries, made with less work: each reads what the other has signed."""

from typing import Any

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from app.kit.signing import Sessions, Signed

SALT = "wtf-csrf-token"  # Flask-WTF's
SAID = {"_user_id": "für alle", "person": [3, "abc"]}


def of_sessions(**settings: Any) -> tuple[Any, Any]:
    app = Flask("signing")
    app.config.update(settings)
    return Sessions().get_signing_serializer(app), SecureCookieSessionInterface().get_signing_serializer(app)


def test_each_reads_what_the_other_has_signed() -> None:
    tokens = Signed("a secret", salt=SALT), URLSafeTimedSerializer("a secret", salt=SALT)
    for ours, theirs in (of_sessions(SECRET_KEY="a secret"), tokens):
        assert theirs.loads(ours.dumps(SAID), max_age=60) == SAID
        assert ours.loads(theirs.dumps(SAID), max_age=60) == SAID


def test_what_was_changed_foreign_or_old_is_refused() -> None:
    ours = Signed("a secret", salt=SALT)
    word = ours.dumps(SAID)
    for other in (word[:-2] + "xx", "x" + word, "", word.rpartition(".")[0], Signed("another", salt=SALT).dumps(SAID)):
        with pytest.raises(BadSignature):
            ours.loads(other)
    with pytest.raises(BadSignature):
        Signed("a secret", salt="of something else").loads(word)
    with pytest.raises(SignatureExpired):
        ours.loads(word, max_age=-1)


def test_a_former_secret_is_still_read() -> None:
    _now, former = of_sessions(SECRET_KEY="former")
    ours, theirs = of_sessions(SECRET_KEY="a secret", SECRET_KEY_FALLBACKS=["former"])
    assert ours.loads(former.dumps(SAID)) == SAID
    assert theirs.loads(ours.dumps(SAID)) == SAID
    with pytest.raises(BadSignature):
        former.loads(ours.dumps(SAID))
