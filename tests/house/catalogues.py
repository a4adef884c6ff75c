"""Messages: every German text in code and templates has its translation, nothing is left fuzzy or empty.

python -m tests.house.catalogues            say what is missing
python -m tests.house.catalogues --update   gather the messages and bring the catalogues up to date
"""

import csv
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from tests.house.source import ROOT

TRANSLATIONS = ROOT / "translations"
SOURCE_LANGUAGE = "de"
LANGUAGES = ["en"]
# Without places in the files, so that two branches do not conflict over line numbers.
EXTRACT = [
    "-k",
    "_l",
    "-k",
    "say",
    "--no-location",
    "--sort-output",
    "--omit-header",
    "--width",
    "120",
]
UPDATE = ["--no-fuzzy-matching", "--ignore-pot-creation-date", "--omit-header", "--width", "120"]
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder) / "messages.pot"
        extract(template)
        if "--update" in sys.argv:
            update(template)
        found = list(shortcomings(read(template)))
    for sentence in found:
        print(sentence)
    return 1 if found else 0


def extract(template: Path) -> None:
    """Gather all messages of code and templates."""
    _babel("extract", "-F", str(ROOT / "babel.cfg"), *EXTRACT, "-o", str(template), str(ROOT))


def topic_names(file: IO[bytes], *_given: Any, **_options: Any) -> Iterator[tuple[int, str, str, list[str]]]:
    """The names of the topics that come along (an extractor of babel.cfg)."""
    for row in csv.DictReader(file.read().decode().splitlines()):
        yield 0, "gettext", row["name"], []


def update(template: Path) -> None:
    """Add what is new to each catalogue and drop what is gone."""
    for language in LANGUAGES:
        target = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
        if not target.exists():
            _babel("init", "-l", language, "-i", str(template), "-d", str(TRANSLATIONS), "--width", "120")
        _babel("update", "--ignore-obsolete", "-l", language, "-i", str(template), "-o", str(target), *UPDATE)


def shortcomings(wanted: Catalog) -> Iterator[str]:
    """What each language lacks, as sentences."""
    for language in LANGUAGES:
        path = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
        if not path.exists():
            yield f"{path.relative_to(ROOT)} is missing"
            continue
        catalogue = read(path, language)
        for message in wanted:
            if message.id and (problem := _problem(message, catalogue.get(message.id, message.context))):
                yield f"{language}: {problem}: {_first(message)!r}"
    for path in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po")):
        for message in read(path, path.parts[-3]):
            if message.id and message.fuzzy:
                yield f"{path.relative_to(ROOT)}: fuzzy: {_first(message)!r}"


def read(path: Path, language: str | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _problem(message: Message, translated: Message | None) -> str:
    if translated is None:
        return "not in the catalogue"
    texts = translated.string if isinstance(translated.string, list | tuple) else [translated.string]
    if not all(texts):
        return "not translated"
    originals = message.id if isinstance(message.id, list | tuple) else [message.id]
    allowed = {name for text in originals for name in PLACEHOLDER.findall(text)}
    return "" if all(set(PLACEHOLDER.findall(text)) <= allowed for text in texts) else "other placeholders"


def _first(message: Message) -> str:
    return message.id[0] if isinstance(message.id, list | tuple) else message.id


def _babel(*words: str) -> None:
    CommandLineInterface().run(["pybabel", "-q", *words])


if __name__ == "__main__":
    sys.exit(main())
