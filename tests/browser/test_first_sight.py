"""How soon one sees a page on a slow phone with a slow line: the median of five first visits.

What else the machine does can only make the figure larger. So a page that misses is measured again, each visit waiting
for room, and the best round counts.
"""

import statistics

import pytest
from playwright.sync_api import Browser

from tests.support.demo_house import DemoHouse
from tests.support.first_visit import PHONE, WHERE, visit

pytestmark = [pytest.mark.on("sqlite"), pytest.mark.alone]
LIMIT_MS, SHIFT = 1000, 0.02
VISITS, ROUNDS, PATIENCE = 5, 8, 8


@pytest.mark.parametrize("name", WHERE)
def test_a_page_is_seen_within_a_second_and_stays_where_it_is(browser: Browser, demo: DemoHouse, name: str) -> None:
    address, medians, said = WHERE[name](demo), [], []
    demo.read(address)  # somebody has been here before
    for attempt in range(ROUNDS):
        patience = PATIENCE if attempt else 0
        seen = [visit(browser, demo.server.url, address, PHONE, patience) for _visit in range(VISITS)]
        said += [str(one) for one in seen]
        medians.append(statistics.median(one.paint for one in seen))
        assert max(one.shift for one in seen) < SHIFT, "\n".join(said)
        if medians[-1] < LIMIT_MS:
            break
    print(name, [round(median) for median in medians], *said, sep="\n")
    assert min(medians) < LIMIT_MS, "\n".join(said)
