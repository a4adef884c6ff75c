"""No statement of a page with comments reads a whole table: what it costs does not grow with the platform."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from app.kit.db import db
from tests.client import Client
from tests.factories import world
from tests.people import Cast
from tests.support.plans import noting

# A Bloom filter is made of all rows there are.
LARGE = "ideas|comments|users|organisations|pictures|activities|follows|supports|subjects"
WHOLE = re.compile(rf"(?:SCAN|BLOOM FILTER ON) ({LARGE})")


@pytest.mark.on("sqlite")
def test_pages_with_comments_read_no_table_from_end_to_end(
    app: Flask, cast: Cast, signed_in: Callable[..., Client]
) -> None:
    there = world.build(app)
    client = signed_in(cast.anton)
    form = client.page(f"/ideas/{there.idea}").form(f"/subjects/{there.idea}/comments")
    said = form.fill(body="Das fehlt auch bei uns.").submit()
    parent = said.select(".comment")[0].get("id").removeprefix("comment-")
    form.fill(body="Ja, seit Jahren.").force(parent=parent).submit()
    for address in (f"/ideas/{there.idea}", f"/comments/{parent}/thread", f"/comments/{parent}"):
        with noting(app) as sent:
            client.get(address, follow_redirects=True)
        with app.app_context(), db.engine.connect() as connection:
            for text, values in sent:
                steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
                whole = [row[3] for row in steps if WHOLE.match(row[3])]
                assert not whole, (address, whole, text)
