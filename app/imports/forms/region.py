"""The region as an import needs it: places by name and by point, asked thousands of times without a query."""

from collections.abc import Sequence

from app.places.models import Place
from app.places.queries import PlaceUnclear, ags_at, areas, find_among, fold


class Region:
    """The places there are. Where none of them has an outline, every point on earth counts as within."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._places = places
        self._ids = {place.ags: place.id for place in places}
        self._has_outlines = any(area.ags in self._ids for area in areas())
        self._named: dict[str, tuple[int | None, str]] = {}

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a point (WGS 84, degrees) lies in the region."""
        if not self._has_outlines:
            return -90 <= lat <= 90 and -180 <= lon <= 180
        return ags_at(lat, lon) in self._ids

    def place_at(self, lat: float, lon: float) -> int | None:
        """The id of the municipality or city a point lies in."""
        return self._ids.get(ags_at(lat, lon) or "") if self._has_outlines else None

    def place_named(self, text: str) -> tuple[int | None, str]:
        """The id of the place a text names, or why there is none, in words; neither for an empty text."""
        if not fold(text):
            return None, ""
        if text not in self._named:
            try:
                self._named[text] = find_among(self._places, text).id, ""
            except PlaceUnclear as error:
                self._named[text] = None, str(error.message)
        return self._named[text]
