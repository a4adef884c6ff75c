"""The field for a place, as several packages' forms have it."""

from wtforms import StringField

from app.kit.forms import refuse
from app.places.queries import PlaceUnclear, find_place


class NamesPlace:
    """A form with a field `place`: once it is valid, `place_id` is the place it names, or None."""

    place_id: int | None = None

    def validate_place(self, field: StringField) -> None:
        """The place is one of the region, or none."""
        try:
            place = find_place(field.data or "")
        except PlaceUnclear as error:
            refuse(error.message)
        else:
            self.place_id = place.id if place else None
