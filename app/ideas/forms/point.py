"""A point on the map, typed or clicked."""

import re

from wtforms import StringField

from app.kit.forms import Form, line, refuse
from app.kit.i18n import lazy_gettext as _l
from app.places.queries import in_region, region_holds

NUMBER = re.compile(r"-?[0-9]{1,3}(?:[.,][0-9]{1,12})?")
PAIR = re.compile(r"(-?[0-9]{1,3}\.[0-9]+)\s*[,; ]\s*(-?[0-9]{1,3}\.[0-9]+)")


class HasPoint(Form):
    """A form with latitude and longitude (WGS 84, degrees); `point` is both once they are valid, or None."""

    lat = line(_l("Grad Nord"), most=40)
    lon = line(_l("Grad Ost"), most=40)

    point: tuple[float, float] | None = None

    def validate_lat(self, field: StringField) -> None:
        """With the other one, as numbers, within the region; a pair copied from elsewhere may stand in one field."""
        if pair := PAIR.fullmatch((field.data or "").strip()):
            field.data, self.lon.data = pair.groups()
        if not self.lon.data:
            refuse(_l("Für den Punkt auf der Karte fehlt die zweite Zahl: Grad Ost."))
        lat, lon = degrees_in(field.data or ""), degrees_in(self.lon.data or "")
        if lat is None:
            refuse(_l("Schreiben Sie eine Zahl, zum Beispiel 51,0504."))
        elif lon is not None:
            self._settle(lat, lon)

    def validate_lon(self, field: StringField) -> None:
        """A number, with the other one."""
        if not self.lat.data:
            refuse(_l("Für den Punkt auf der Karte fehlt die erste Zahl: Grad Nord."))
        if degrees_in(field.data or "") is None:
            refuse(_l("Schreiben Sie eine Zahl, zum Beispiel 13,7373."))

    def _settle(self, lat: float, lon: float) -> None:
        if region_holds(lat, lon):
            self.point = (lat, lon)
        elif in_region(lon, lat):
            refuse(_l("Die beiden Zahlen sind vertauscht: Zuerst kommt Grad Nord, dann Grad Ost."))
        else:
            refuse(_l("Dieser Punkt liegt außerhalb der Region. Wählen Sie einen anderen, oder lassen Sie ihn weg."))


def degrees_in(text: str) -> float | None:
    """The number in what was typed, with a comma or a point, with or without a degree sign; None for anything else."""
    bare = re.sub(r"(?i)\s*°?\s*[noe]?$", "", text.strip()).replace("\u2212", "-")
    return float(bare.replace(",", ".")) if NUMBER.fullmatch(bare) else None
