"""Find a place by postcode, by street or by position, and who polices it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from django.db.models.functions import Length

from bluelamp.foundation.kernel.database.fast_sql import get_or_none
from bluelamp.foundation.kernel.text import clean_query
from bluelamp.records.reference import data
from bluelamp.records.reference.lookups import tables
from bluelamp.records.reference.lookups.details import ForceDetail, UnitDetail
from bluelamp.records.reference.lookups.found_place import (
    FoundPlace,
    distance_metres,
    policing_names,
    square_condition,
)
from bluelamp.records.reference.lookups.streets import (
    build_street_index,
    find_nearest_street,
    find_streets,
)
from bluelamp.records.reference.models import Postcode
from bluelamp.records.reference.rules import (
    GridPosition,
    alphanumeric_upper,
    bounding_box,
    is_on_national_grid,
    looks_like_postcode,
    polygon_contains,
    postcode_candidates,
    to_grid,
)

# The nearest postcode is looked for in growing squares: most are found in the first, which the
# index answers at once.
SEARCH_RADII_METRES = (100, 400, 1_600, 6_400)

# Within this, the nearest postcode's district says who polices a point. Beyond it the published
# outlines of force areas do: they are simplified, and wrong by some hundreds of metres at borders.
POSTCODE_RADIUS_METRES = 400

MAX_POSTCODE_INPUT, MAX_SEARCH_LENGTH = 40, 100


def find_postcode(text: str) -> FoundPlace | None:
    """Return the place of a postcode, or None if it is not on record.

    However it was typed: O for 0 and I for 1 included.
    """
    rows = (
        get_or_none(Postcode, postcode=candidate)
        for candidate in postcode_candidates(text[:MAX_POSTCODE_INPUT])
    )
    return next((_place_from_postcode(row) for row in rows if row), None)


def find_postcode_positions(postcodes: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return the easting and northing in metres of postcodes as they are stored, in one query.

    Those that are not on record, or have no published position, are left out.
    """
    keys = {alphanumeric_upper(postcode): postcode for postcode in postcodes if postcode}
    rows = Postcode.objects.filter(postcode__in=keys, easting__isnull=False)
    return {
        keys[row.postcode]: (row.easting, row.northing)
        for row in rows
        if row.easting is not None and row.northing is not None
    }


def suggest_corrected_postcodes(text: str, *, limit: int = 5) -> Sequence[FoundPlace]:
    """Return postcodes on record that the text may be meant for, the least changed first."""
    candidates = postcode_candidates(text[:MAX_POSTCODE_INPUT])
    rows = Postcode.objects.in_bulk(candidates)
    on_record = [rows[candidate] for candidate in candidates if candidate in rows]
    return [_place_from_postcode(row) for row in on_record[:limit]]


def find_places(text: str, *, limit: int = 8) -> Sequence[FoundPlace]:
    """Return postcodes that begin as typed, or streets whose words match.

    Words of a street may be cut short, misspelt or in any order. A borough or an outward code
    among them narrows the search: "high street se15".
    """
    text = clean_query(text)[:MAX_SEARCH_LENGTH]
    if not looks_like_postcode(text):
        return find_streets(text, limit)
    # Shorter ones first, so that "E1" gives E1 before E10.
    rows = Postcode.objects.filter(postcode__startswith=alphanumeric_upper(text)).order_by(
        Length("postcode"), "postcode"
    )[:limit]
    return (
        [_place_from_postcode(row) for row in rows]
        or suggest_corrected_postcodes(text, limit=limit)
        or find_streets(text, limit)
    )


def find_nearest_postcode(latitude: float, longitude: float) -> FoundPlace | None:
    """Return the postcode nearest to a position; None beyond 4 miles, or off the grid."""
    if (grid := _to_grid_or_none(latitude, longitude)) is None:
        return None
    row = _nearest_postcode(grid.easting, grid.northing)
    return _place_from_postcode(row) if row else None


def find_place_at(latitude: float, longitude: float) -> FoundPlace | None:
    """Return the nearest street and postcode of a position, and who polices it.

    Returns:
        A place of kind "point", without a force where there is none; None off the grid.
    """
    if (grid := _to_grid_or_none(latitude, longitude)) is None:
        return None
    easting, northing = grid
    postcode = _nearest_postcode(easting, northing)
    street = find_nearest_street(easting, northing)
    # Up to 4 miles off, so it may be across a river or a border: the force is asked for below.
    policing = tables.find_policing(postcode.district) if postcode else tables.Policing()
    force = find_force_at(latitude, longitude)
    if policing.force and force and policing.force.code != force.code:
        # The nearest postcode is over the border: it is not this place's.
        postcode, policing = None, tables.Policing()
    label = (
        street.name if street else "",
        str(postcode) if postcode else "",
        policing.district.name if policing.district else "",
    )
    return FoundPlace(
        kind="point",
        label=", ".join(filter(None, label)) or f"{latitude:.5f}, {longitude:.5f}",
        street=street.name if street else "",
        postcode=str(postcode) if postcode else "",
        ward=postcode.ward if postcode else "",
        lsoa=street.lsoa if street else "",
        easting=round(easting),
        northing=round(northing),
        latitude=latitude,
        longitude=longitude,
        **policing_names(replace(policing, force=force)),
    )


def find_command_unit(
    *, easting: float | None = None, northing: float | None = None, district: str = ""
) -> UnitDetail | None:
    """Return the command unit of a district (name or ONS code) or of a grid reference.

    None outside the Metropolitan Police's area.
    """
    policing = tables.find_policing(district)
    if policing.district is None and easting is not None and northing is not None:
        nearest = _nearest_postcode(easting, northing)
        policing = tables.find_policing(nearest.district) if nearest else policing
    return policing.unit


def find_force_at(latitude: float, longitude: float) -> ForceDetail | None:
    """Return the territorial force of a position in England or Wales; None outside them.

    By the district of the nearest postcode where one is close, otherwise by the published force
    areas, whose outlines may be some hundreds of metres out along a border or a coast.
    """
    if (grid := _to_grid_or_none(latitude, longitude)) is None:
        return None
    nearest = _nearest_postcode(grid.easting, grid.northing, radii_metres=(POSTCODE_RADIUS_METRES,))
    if nearest and (force := tables.find_policing(nearest.district).force):
        return force
    for area in _force_areas():
        west, south, east, north = area.bounds
        if (
            west <= longitude <= east
            and south <= latitude <= north
            and polygon_contains(area.polygon, longitude, latitude)
        ):
            return tables.get_force(area.force_code)
    return None


class _ForceArea(NamedTuple):
    """One polygon of a force's area, in degrees; `bounds` are west, south, east and north."""

    force_code: str
    bounds: tuple[float, float, float, float]
    polygon: list[list[tuple[float, float]]]


@cache
def _force_areas() -> list[_ForceArea]:
    """Return the polygons, the smallest first.

    The City of London lies inside the outline of the Metropolitan Police, so it must be asked
    first.
    """
    areas = [
        _ForceArea(code, bounding_box(polygon), polygon)
        for code, polygons in data.read_force_areas().items()
        for polygon in polygons
    ]

    def size(area: _ForceArea) -> float:
        west, south, east, north = area.bounds
        return (east - west) * (north - south)

    # The City of London lies in the middle of the Metropolitan Police's area.
    return sorted(areas, key=size)


def _to_grid_or_none(latitude: float, longitude: float) -> GridPosition | None:
    return to_grid(latitude, longitude) if is_on_national_grid(latitude, longitude) else None


def _place_from_postcode(row: Postcode) -> FoundPlace:
    position = row.position
    policing = tables.find_policing(row.district)
    return FoundPlace(
        kind="postcode",
        label=f"{row}, {policing.district.name}" if policing.district else str(row),
        postcode=str(row),
        ward=row.ward,
        easting=row.easting,
        northing=row.northing,
        latitude=round(position.latitude, 6) if position else None,
        longitude=round(position.longitude, 6) if position else None,
        **policing_names(policing),
    )


def _nearest_postcode(
    easting: float, northing: float, radii_metres: tuple[int, ...] = SEARCH_RADII_METRES
) -> Postcode | None:
    for metres in radii_metres:
        rows = Postcode.objects.filter(square_condition(easting, northing, metres=metres))
        nearest = min(rows, key=lambda row: distance_metres(row, easting, northing), default=None)
        # One in a corner of the square may be further off than one just outside it.
        if nearest and distance_metres(nearest, easting, northing) <= metres:
            return nearest
    return None


def build_index() -> None:
    """Build the index of streets and read the force areas, so that no first search waits."""
    build_street_index()
    _force_areas()
