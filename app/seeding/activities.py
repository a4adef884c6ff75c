"""Facts about seeds; their subject is the first of the invented people."""

from dataclasses import dataclass

from app.subjects.activities import Activity


@dataclass(frozen=True, kw_only=True)
class SeedBegan(Activity, name="seed_began"):
    """Invented content is being written: how much, with which key, which ids and places in the fair order it has.

    `indexes` are those left out until it is finished, as statements that make them.
    """

    ideas: int
    people: int
    supports: int
    comments: int
    key: int
    first_id: int
    first_rank: int
    indexes: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class SeedFinished(Activity, name="seed_finished"):
    """All of a seed is there."""
