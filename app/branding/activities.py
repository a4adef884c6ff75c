"""Facts about the look."""

from dataclasses import dataclass

from app.subjects.activities import Activity


@dataclass(frozen=True, kw_only=True)
class LookChanged(Activity, name="look_changed"):
    """An administrator saved a version of the look; `changed` names what is different, by field."""

    changed: tuple[str, ...] = ()
