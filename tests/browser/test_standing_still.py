"""Nothing jumps while a page arrives on a slow line, nor when its font or its pictures come later.

Phones are measured where one sees how soon a page comes: test_first_sight.
"""

import pytest
from playwright.sync_api import Browser

from tests.support.demo_house import DemoHouse
from tests.support.first_visit import DESK, WHERE, visit
from tests.support.slow_line import open_slow_line

pytestmark = pytest.mark.on("sqlite")
SHIFT = 0.02
# A share of a page that has come, and is shown, while the rest is on its way: nearly nothing to all of it.
SHARES = (0.01, 0.03, 0.06, 0.12, 1)


@pytest.mark.parametrize("name", WHERE)
def test_a_page_stays_where_it_is_on_a_desk(browser: Browser, demo: DemoHouse, name: str) -> None:
    address = WHERE[name](demo)
    demo.read(address)  # somebody has been here before
    seen = {}
    with open_slow_line(demo.server.url) as line:
        for line.share in SHARES:
            seen[line.share] = visit(browser, line.url, address, DESK)
    said = "\n".join(f"{share:4.0%} {one}" for share, one in seen.items())
    print(name, said, sep="\n")
    assert max(one.shift for one in seen.values()) < SHIFT, said
