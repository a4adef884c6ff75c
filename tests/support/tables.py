"""Tables for tests of imports, and the commands that take them."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from click.testing import Result
from flask import Flask

from app.kit import table_files


def csv_bytes(
    rows: Iterable[Mapping[str, object]], *, sign: str = ",", encoding: str = "utf-8", columns: Sequence[str] = ()
) -> bytes:
    """A CSV file as a program writes it."""
    rows = [dict(row) for row in rows]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns or list(rows[0]), delimiter=sign, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def file_of(folder: Path, rows: Sequence[Mapping[str, str]], kind: str = "csv") -> Path:
    """The rows as a file of this kind."""
    path = folder / f"rows.{kind}"
    path.write_bytes(b"".join(table_files.write(rows, list(rows[0]), kind)))
    return path


def run(app: Flask, *words: object) -> Result:
    """A command of the platform: `run(app, "import", "ideas", path, "--challenge", 3)`."""
    return app.test_cli_runner().invoke(args=[str(word) for word in words])


def import_ideas(app: Flask, file: Path, challenge: object, *more: object) -> Result:
    return run(app, "import", "ideas", file, "--challenge", challenge, "--source", "alt", *more)


def import_comments(app: Flask, file: Path, subject: object, *more: object) -> Result:
    return run(app, "import", "comments", file, "--subject", subject, "--source", "alt", *more)
