"""Every message has its translation."""

from pathlib import Path

from tests.house import catalogues


def test_every_german_text_is_translated(tmp_path: Path) -> None:
    catalogues.extract(tmp_path / "messages.pot")
    assert list(catalogues.shortcomings(catalogues.read(tmp_path / "messages.pot"))) == []
