"""Single cells: texts, moments, numbers, addresses; what does not fit is noted in words."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from app.kit import clock
from app.kit.said import joined
from app.kit.said import say as _
from app.kit.tables import Row
from app.kit.text import excerpt, printable, split_address

EARLIEST_YEAR = 1970
MOST_VOTES = 10_000_000
SHOWN = 60
GERMAN_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,?\s+(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*Uhr)?)?")
NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
# A count is whole: what looks like three decimals are thousands.
COUNT = re.compile(r"[0-9]{1,15}|[0-9]{1,3}(?:([.,\u202f\u00a0 ])[0-9]{3})(?:\1[0-9]{3}){0,4}")
# Dates of spreadsheets are days since then (ECMA-376, part 1, 18.17.4.1); these are of the years 1954 to 2064.
SHEET_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 (a sheet knows no time zones)
SHEET_DAYS = (20_000, 60_000)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one cell, in words; `left_out`: its row does not come in, be it for this or something else.

    `external_id` and `title` say which row it is, as far as they can be read.
    """

    row: int
    column: str
    words: str
    left_out: bool = False
    external_id: str = ""
    title: str = ""


@dataclass(slots=True)
class Cells:
    """The cells of one row, read one by one; what is wrong with them is collected, and settled for the row at last."""

    row: Row
    zone: ZoneInfo
    is_left_out: bool = False
    _found: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def remarks(self) -> int:
        """How much was found to be wrong so far."""
        return len(self._found)

    def remark(self, column: str, words: str, effect: str = "") -> None:
        """Something is wrong; the row comes in all the same, with this effect, unless it is refused."""
        self._found.append((column, words, effect))

    def refuse(self, column: str, words: str) -> None:
        """The row cannot come in."""
        if not (column and self.row.error):  # of a row that could not be read, that is all there is to say
            self._found.append((column, words, ""))
            self.is_left_out = True

    def problems(self, key: str) -> list[Problem]:
        """What is wrong with the row, once all is known; `key` is the column of its id."""
        row, values = self.row.number, self.row.values
        external_id, title = (excerpt(printable(values.get(name, "")), SHOWN).strip() for name in (key, "title"))
        told = ((column, words if self.is_left_out else joined(words, effect)) for column, words, effect in self._found)
        return [Problem(row, column, words, self.is_left_out, external_id, title) for column, words in told]

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
        moment = _moment(text, self.zone, of_sheet=self.row.of_sheet) if text else clock.now()
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
        number = int(re.sub("[^0-9]", "", text)) if COUNT.fullmatch(text) else MOST_VOTES + 1
        if number > MOST_VOTES:
            self.remark(column, _("„%(value)s“ ist keine Anzahl.", value=excerpt(text, 40)), _("Sie bleibt weg."))
            return None
        return number

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
            words = _("„%(value)s“ ist keine Web-Adresse.", value=excerpt(text, 60))
            self.remark(column, words, _("Sie bleibt weg."))
            return ""
        return text


def _moment(text: str, zone: ZoneInfo, *, of_sheet: bool) -> datetime | None:
    try:
        if found := GERMAN_DATE.fullmatch(text):
            day, month, year, hour, minute, second = [int(part or 0) for part in found.groups()]
            moment = datetime(year, month, day, hour, minute, second, tzinfo=zone)
        elif of_sheet and SHEET_DAYS[0] <= (days := _number(text) or 0) <= SHEET_DAYS[1]:
            moment = (SHEET_EPOCH + timedelta(seconds=round(days * 86_400))).replace(tzinfo=zone)
        else:
            moment = datetime.fromisoformat(text)
            moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _number(text: str) -> float | None:
    return float(text.replace(",", ".")) if NUMBER.fullmatch(text) and len(text) < 40 else None
