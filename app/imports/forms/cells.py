"""Single cells: texts, moments, numbers, addresses; what does not fit is noted in words."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from app.kit import clock
from app.kit.tables import Row, printable
from app.kit.text import excerpt, split_address

EARLIEST_YEAR = 1970
MOST_VOTES = 10_000_000
GERMAN_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*Uhr)?)?")
NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell, in words; `left_out`: the row cannot come in because of it."""

    row: int
    column: str
    words: str
    left_out: bool = False


@dataclass(slots=True)
class Cells:
    """The cells of one row, read one by one; `problems` collects what is wrong with them."""

    row: Row
    zone: ZoneInfo
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_left_out(self) -> bool:
        return any(problem.left_out for problem in self.problems)

    def remark(self, column: str, words: str) -> None:
        """Something is wrong, but the row comes in all the same."""
        self.problems.append(Problem(self.row.number, column, printable(words)))

    def refuse(self, column: str, words: str) -> None:
        """The row cannot come in."""
        if not (column and self.row.error):  # of a row that could not be read, that is all there is to say
            self.problems.append(Problem(self.row.number, column, printable(words), left_out=True))

    def check(self) -> None:
        """Refuse a row that could not be read, or holds what no database can keep."""
        if self.row.error:
            self.refuse("", self.row.error)
        for column, text in self.row.values.items():
            if "\0" in text:
                self.refuse(column, _("Das Feld enthält ein NUL-Zeichen."))
            elif any("\ud800" <= sign <= "\udfff" for sign in text):
                self.refuse(column, _("Das Feld enthält Zeichen, die sich nicht lesen lassen."))

    def text(self, column: str, *, most: int, required: bool = False) -> str:
        """The text of a cell, unchanged."""
        text = self.row.values.get(column, "")
        if required and not text.strip():
            self.refuse(column, _("Das Feld ist leer."))
        elif len(text) > most:
            self.refuse(column, _("Der Text ist länger als %(most)s Zeichen.", most=most))
        return text

    def moment(self, column: str) -> datetime:
        """An ISO 8601 or German date, in the platform's time zone where it names none; now where there is none."""
        text = self.row.values.get(column, "").strip()
        moment = _moment(text, self.zone) if text else clock.now()
        if moment is None:
            words = _("„%(value)s“ ist kein Datum wie 2027-03-12T14:30 oder 12.03.2027 14:30.", value=excerpt(text, 40))
            self.refuse(column, words)
        elif moment.year < EARLIEST_YEAR or moment > clock.now():
            self.refuse(column, _("Das Datum %(value)s kann nicht stimmen.", value=excerpt(text, 40)))
        return moment or clock.now()

    def count(self, column: str) -> int | None:
        """A number of votes; none for an empty cell, and for one that holds no such number."""
        text = self.row.values.get(column, "").strip()
        if not text:
            return None
        number = _number(text)
        if number is None or number < 0 or number > MOST_VOTES or not number.is_integer():
            self.remark(column, _("„%(value)s“ ist keine Anzahl. Sie bleibt weg.", value=excerpt(text, 40)))
            return None
        return int(number)

    def number(self, column: str) -> float | None:
        """A number with a decimal point or comma; none for an empty cell, and for one that holds none."""
        text = self.row.values.get(column, "").strip()
        number = _number(text) if text else None
        if text and number is None:
            self.remark(column, _("„%(value)s“ ist keine Zahl.", value=excerpt(text, 40)))
        return number

    def address(self, column: str) -> str:
        """A web address, or nothing."""
        text = self.text(column, most=2000).strip()
        parts = split_address(text) if text else None
        if text and (parts is None or parts.scheme not in ("http", "https") or not parts.hostname):
            self.remark(column, _("„%(value)s“ ist keine Web-Adresse. Sie bleibt weg.", value=excerpt(text, 60)))
            return ""
        return text


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        if found := GERMAN_DATE.fullmatch(text):
            day, month, year, hour, minute, second = [int(part or 0) for part in found.groups()]
            moment = datetime(year, month, day, hour, minute, second, tzinfo=zone)
        else:
            moment = datetime.fromisoformat(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _number(text: str) -> float | None:
    return float(text.replace(",", ".")) if NUMBER.fullmatch(text) and len(text) < 40 else None
