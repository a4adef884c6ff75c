"""Nothing jumps while a page arrives on a slow line, nor when its font or its pictures come later.

Phones are measured where one sees how soon a page comes: test_first_sight.
"""

import pytest
from playwright.sync_api import Browser

from tests.support.demo_house import DemoHouse
from tests.support.first_visit import DESK, WHERE, visit

pytestmark = pytest.mark.on("sqlite")
SHIFT, VISITS = 0.02, 4


@pytest.mark.parametrize("name", WHERE)
def test_a_page_stays_where_it_is_on_a_desk(browser: Browser, demo: DemoHouse, name: str) -> None:
    address = WHERE[name](demo)
    demo.read(address)  # somebody has been here before
    seen = [visit(browser, demo, address, DESK) for _visit in range(VISITS)]
    said = "\n".join(str(one) for one in seen)
    print(name, said, sep="\n")
    assert max(one.shift for one in seen) < SHIFT, said
