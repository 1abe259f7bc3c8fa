"""The desk's maps: around the place of a crime, and of search results."""

from collections.abc import Iterable

from bluelamp.casework.crimes.lookups import NearbyCrime
from bluelamp.records.people.lookups import LocationDetail
from bluelamp.records.reference import lookups as reference
from bluelamp.records.reference.rules import to_grid
from bluelamp.web.desk.contexts import MapContext
from bluelamp.web.maps import Spot, build_map_data

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
SAME_SPOT = 10
"""Metres: a nearer crime's dot would cover the one in the middle."""
MAX_STREETS = 6


def map_context(location: LocationDetail | None, nearby: Iterable[NearbyCrime] = ()) -> MapContext:
    """Return a map around a location, with crimes nearby as letters where they are elsewhere."""
    if location is None or location.easting is None or location.northing is None:
        return {"map": {}, "streets": [], "letters": {}}
    centre = (float(location.easting), float(location.northing))
    spots = [Spot(*centre, label=location.in_one_line)]
    letters = {}
    elsewhere = [crime for crime in nearby if (crime.metres or 0) > SAME_SPOT]
    # Not strict: the nearest 26 get a letter, and those further away only their line in the list.
    for letter, crime in zip(LETTERS, elsewhere, strict=False):
        if crime.easting is None or crime.northing is None:
            continue
        label = f"{crime.number}, {crime.offence_title}"
        spots.append(Spot(crime.easting, crime.northing, label=label, mark=letter))
        letters[crime.id] = letter
    streets = reference.list_streets_near(*centre)
    names = [Spot(street.easting, street.northing, name=street.name) for street in streets]
    return {
        "map": build_map_data(spots, centre=centre, names=names),
        "streets": [street.name for street in streets[:MAX_STREETS]],
        "letters": letters,
    }


def to_grid_position(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    """Return the easting and northing of a position in metres, or None without a position."""
    if latitude is None or longitude is None:
        return None
    point = to_grid(latitude, longitude)
    return (point.easting, point.northing)
