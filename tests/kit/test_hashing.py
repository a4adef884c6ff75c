"""Passwords are hashed as OWASP asks, no more and no less."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask_security import hash_password


@pytest.mark.on("sqlite")
def test_argon2id_with_19_mib_two_passes_one_lane(make_app: Callable[..., Flask]) -> None:
    with make_app(ENVIRONMENT="development").app_context():
        assert hash_password("x").startswith("$argon2id$v=19$m=19456,t=2,p=1$")
