"""One thing of every kind."""

import pytest
from flask import Flask

from tests.factories import world as worlds
from tests.factories.world import World
from tests.people import Cast


@pytest.fixture
def world(app: Flask, cast: Cast) -> World:
    return worlds.build(app)
