"""Facts about pages."""

from dataclasses import dataclass

from app.subjects.activities import Activity


@dataclass(frozen=True, kw_only=True)
class PageEdited(Activity, name="page_edited"):
    """An administrator changed a page's text; `restored` is the number of the version that was brought back, or 0."""

    key: str
    language: str
    number: int
    restored: int = 0
