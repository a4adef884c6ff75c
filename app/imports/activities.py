"""Facts about imports; their subject is the run."""

from dataclasses import dataclass

from app.subjects.activities import Activity


@dataclass(frozen=True, kw_only=True)
class ImportOpened(Activity, name="import_opened"):
    """Somebody brought a file."""

    kind: str
    file_name: str
    system: str
    target_id: int


@dataclass(frozen=True, kw_only=True)
class ImportBegun(Activity, name="import_begun"):
    """Somebody said yes to what the look at the file showed."""


@dataclass(frozen=True, kw_only=True)
class ImportEnded(Activity, name="import_ended"):
    """Everything that could come in has come in."""

    brought: int
    known: int
    left_out: int


@dataclass(frozen=True, kw_only=True)
class ImportGivenUp(Activity, name="import_given_up"):
    """Nothing more comes of this file: somebody discarded it, or it cannot be read."""

    reason: str
