"""The pictures of the main pages are there, stay small, and what shows them leads to them."""

import re

from PIL import Image

from tests.browser.screens import FOLDER, SCREENS, SIZES, all_files
from tests.house.source import ROOT

LINK = re.compile(r"\]\(([^)#\s]+)\)")
MOST_BYTES = 3_000_000


def test_every_main_page_has_its_pictures_and_nothing_else_lies_there() -> None:
    wanted = {file.name for file in all_files()}
    assert len(SCREENS) == 15
    assert len(wanted) == 60
    assert {file.name for file in FOLDER.iterdir()} == wanted | {"index.md"}


def test_the_pictures_have_the_size_of_their_screen_and_are_small() -> None:
    for file in all_files():
        with Image.open(file) as picture:
            assert picture.size == SIZES[file.stem.split("-")[-2]], file.name
    assert sum(file.stat().st_size for file in all_files()) < MOST_BYTES


def test_the_links_of_readme_and_index_lead_somewhere() -> None:
    for page in (ROOT / "README.md", FOLDER / "index.md"):
        links = [link for link in LINK.findall(page.read_text()) if "://" not in link]
        assert [link for link in links if not (page.parent / link).exists()] == [], page.name
    assert len(re.findall(r"!\[[^\]]+\]\(docs/screens/", (ROOT / "README.md").read_text())) == 3
