"""A position on the map, read from whichever kind was given."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from bluelamp.foundation.kernel.errors import Refused
from bluelamp.records.reference.rules.grid import is_on_national_grid, to_grid, to_position

# The National Grid's extent in metres.
MAX_EASTING, MAX_NORTHING = 700_000, 1_300_000
# No coordinate of either kind is as large; it keeps "1e300" out of integer columns.
_MAX_COORDINATE = 1e7


@dataclass(frozen=True, kw_only=True, slots=True)
class MapPosition:
    """A position in both kinds, each pair None where it is not known.

    Eastings and northings are metres on the National Grid, latitude and longitude degrees (WGS84).
    """

    easting: int | None = None
    northing: int | None = None
    latitude: float | None = None
    longitude: float | None = None


def parse_coordinate_number(text: str) -> float | None:
    """Return a coordinate from typed text, None if it is not a number.

    >>> [parse_coordinate_number(text) for text in (" 51.47 ", "north", "nan")]
    [51.47, None, None]
    """
    try:
        value = float(text)
    except ValueError:
        return None
    # float() also reads "nan", "inf" and 1e400.
    return value if isfinite(value) and abs(value) < _MAX_COORDINATE else None


def resolve_position(
    *,
    easting: int | None,
    northing: int | None,
    latitude: float | None,
    longitude: float | None,
) -> MapPosition:
    """Return both kinds of position from whichever kind was given.

    Half of a pair counts as nothing. A position outside Great Britain has no grid reference.

    Raises:
        Refused: It is no position on Earth, or is outside the National Grid.
    """
    if latitude is None or longitude is None:
        latitude = longitude = None
    elif not (
        isfinite(latitude) and isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180
    ):
        raise Refused("reference.position_invalid", field="latitude")
    elif easting is None and is_on_national_grid(latitude, longitude):
        grid = to_grid(latitude, longitude)
        easting, northing = round(grid.easting), round(grid.northing)
    if easting is None or northing is None:
        return MapPosition(latitude=latitude, longitude=longitude)
    if not (0 <= easting <= MAX_EASTING and 0 <= northing <= MAX_NORTHING):
        raise Refused("reference.grid_reference_invalid", field="easting")
    if latitude is None:
        position = to_position(easting, northing)
        # Six decimals are a tenth of a metre, finer than the conversion is.
        latitude, longitude = round(position.latitude, 6), round(position.longitude, 6)
    return MapPosition(easting=easting, northing=northing, latitude=latitude, longitude=longitude)
