"""Finding a place: by postcode, by street, or by where a phone says it is; and who polices it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from heapq import nsmallest
from itertools import islice, takewhile
from math import hypot, isfinite
from typing import Any

from django.db.models.functions import Length

from bluelamp.foundation.kernel.rows import find
from bluelamp.records.reference import data
from bluelamp.records.reference.models import Force, Postcode, Street, Unit
from bluelamp.records.reference.queries import tables
from bluelamp.records.reference.queries.shelves import Shelf
from bluelamp.records.reference.rules import (
    Lexicon,
    box,
    compact,
    contains,
    looks_like_postcode,
    readings,
    to_grid,
    to_position,
)

NEAR_METRES = (100, 400, 1_600, 6_400)
STREET_METRES = 150
_ROAD_NUMBER = re.compile(r"[ABM]\d+(\(M\))?")
MOST_RECORDED_STREETS = 5_000
RANKED_WHOLE = 1_000
POSTCODE_SPEAKS_FOR_METRES = 400
"""Within this, the nearest postcode's district says who polices a point; beyond, the drawn force
areas do.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Somewhere, and who polices it. Empty text or None where it is not known.

    `kind` is "postcode", "street" or "point". `unit` is the command unit's code, `force` the PNC
    code. Grid references in metres, latitude and longitude in degrees (WGS84).
    """

    kind: str
    label: str
    street: str = ""
    postcode: str = ""
    district: str = ""
    district_code: str = ""
    ward: str = ""
    lsoa: str = ""
    easting: int | None = None
    northing: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    unit: str = ""
    unit_name: str = ""
    force: str = ""
    force_name: str = ""


@dataclass(frozen=True, slots=True)
class NearStreet:
    """A street close to somewhere, and the grid reference of its middle, in metres."""

    name: str
    easting: int
    northing: int


def find_postcode(text: str) -> Place | None:
    """The place of a postcode however it was typed, O for 0 and I for 1 included; None if we don't
    have it.
    """
    held = (find(Postcode, postcode=each) for each in readings(text[:40]))
    return next((_of_postcode(each) for each in held if each), None)


def suggest_postcodes(text: str, *, limit: int = 5) -> Sequence[Place]:
    """Postcodes on record that the text may be meant for, the least changed first."""
    tried = readings(text[:40])
    held = Postcode.objects.in_bulk(tried)
    return [_of_postcode(held[each]) for each in tried if each in held][:limit]


def find_places(text: str, *, limit: int = 8) -> Sequence[Place]:
    """Postcodes that begin so; or streets by words begun, misspelt or in any order.

    A borough or an outward code among the words narrows the streets: "high street se15".
    """
    text = text[:100]
    if not looks_like_postcode(text):
        return _find_streets(text, limit)
    found = Postcode.objects.filter(postcode__startswith=compact(text)).order_by(
        Length("postcode"), "postcode"
    )[:limit]
    return (
        [_of_postcode(each) for each in found]
        or suggest_postcodes(text, limit=limit)
        or _find_streets(text, limit)
    )


def nearest_postcode(latitude: float, longitude: float) -> Place | None:
    """The postcode nearest to a position, within 4 miles; None beyond, or where it is not a
    position.
    """
    if (grid := _grid(latitude, longitude)) is None:
        return None
    found = _nearest_postcode(*grid)
    return _of_postcode(found) if found else None


def place_of(latitude: float, longitude: float) -> Place | None:
    """The place of a position: the street and postcode nearest to it, and who polices it.

    None where it is not a position; a Place of kind "point" with a force, or without, anywhere
    else.
    """
    if (grid := _grid(latitude, longitude)) is None:
        return None
    easting, northing = grid
    postcode = _nearest_postcode(easting, northing)
    street = _nearest_street(easting, northing)
    who = tables.policing(postcode.district) if postcode else tables.Policing()
    force = force_for(latitude, longitude)
    if who.force and force and who.force.code != force.code:
        postcode, who = None, tables.Policing()
    named = [each.name if each else "" for each in (street, who.district)]
    named.insert(1, str(postcode) if postcode else "")
    return Place(
        kind="point",
        label=", ".join(filter(None, named)) or f"{latitude:.5f}, {longitude:.5f}",
        street=street.name if street else "",
        postcode=str(postcode) if postcode else "",
        ward=postcode.ward if postcode else "",
        lsoa=street.lsoa if street else "",
        easting=round(easting),
        northing=round(northing),
        latitude=latitude,
        longitude=longitude,
        **_names(replace(who, force=force)),
    )


def unit_for(
    *, easting: float | None = None, northing: float | None = None, district: str = ""
) -> Unit | None:
    """The command unit that polices a district (its name or ONS code) or a grid reference; None
    outside the Met.
    """
    who = tables.policing(district)
    if who.district is None and easting is not None and northing is not None:
        nearest = _nearest_postcode(easting, northing)
        who = tables.policing(nearest.district) if nearest else who
    return who.unit


def force_for(latitude: float, longitude: float) -> Force | None:
    """The territorial force of a position in England or Wales; None outside them.

    By the nearest postcode's district where there is one close by, else by the published force
    areas, whose outlines are simplified and may be some hundreds of metres out along a border or a
    coast.
    """
    if (grid := _grid(latitude, longitude)) is None:
        return None
    near = _nearest_postcode(*grid, within=(POSTCODE_SPEAKS_FOR_METRES,))
    if near and (force := tables.policing(near.district).force):
        return force
    for code, (west, south, east, north), polygon in _force_areas():
        if (
            west <= longitude <= east
            and south <= latitude <= north
            and contains(polygon, longitude, latitude)
        ):
            return tables.force(code)
    return None


Bounds = tuple[float, float, float, float]


@cache
def _force_areas() -> list[tuple[str, Bounds, list[list[tuple[float, float]]]]]:
    areas = data.force_areas()
    every = [
        (code, box(polygon), polygon) for code, polygons in areas.items() for polygon in polygons
    ]
    return sorted(every, key=lambda area: (area[1][2] - area[1][0]) * (area[1][3] - area[1][1]))


def _grid(latitude: float, longitude: float) -> tuple[float, float] | None:
    """Metres on the National Grid, or None outside the islands that it covers."""
    if not (
        isfinite(latitude) and isfinite(longitude) and 49 <= latitude <= 61 and -9 <= longitude <= 3
    ):
        return None
    return to_grid(latitude, longitude)


def _of_postcode(found: Postcode) -> Place:
    position = found.position
    who = tables.policing(found.district)
    return Place(
        kind="postcode",
        label=f"{found}, {who.district.name}" if who.district else str(found),
        postcode=str(found),
        ward=found.ward,
        easting=found.easting,
        northing=found.northing,
        latitude=round(position.latitude, 6) if position else None,
        longitude=round(position.longitude, 6) if position else None,
        **_names(who),
    )


def _names(who: tables.Policing) -> dict[str, Any]:
    """The codes and names in a Place of those who police it."""
    return {
        "district": who.district.name if who.district else "",
        "district_code": who.district.code if who.district else "",
        "unit": who.unit.code if who.unit else "",
        "unit_name": who.unit.name if who.unit else "",
        "force": who.force.code if who.force else "",
        "force_name": who.force.name if who.force else "",
    }


def _nearest_postcode(
    easting: float, northing: float, within: tuple[int, ...] = NEAR_METRES
) -> Postcode | None:
    for metres in within:
        near = Postcode.objects.filter(
            easting__range=(round(easting - metres), round(easting + metres)),
            northing__range=(round(northing - metres), round(northing + metres)),
        )
        found = min(near, key=lambda each: _metres(each, easting, northing), default=None)
        if found and _metres(found, easting, northing) <= metres:
            return found
    return None


def _nearest_street(easting: float, northing: float) -> Street | None:
    near = Street.objects.filter(
        easting__range=(round(easting - STREET_METRES), round(easting + STREET_METRES)),
        northing__range=(round(northing - STREET_METRES), round(northing + STREET_METRES)),
    )
    return min(near, key=lambda each: _metres(each, easting, northing), default=None)


def streets_near(easting: float, northing: float, *, metres: int = 300) -> Sequence[NearStreet]:
    """Named streets whose middle lies within some metres of a grid reference, each once, the
    nearest first.

    A long street may pass closer by than its middle is.
    """
    near = Street.objects.filter(
        easting__range=(round(easting - metres), round(easting + metres)),
        northing__range=(round(northing - metres), round(northing + metres)),
    )
    found: dict[str, NearStreet] = {}
    for each in sorted(near, key=lambda each: _metres(each, easting, northing)):
        if not _ROAD_NUMBER.fullmatch(each.name) and _metres(each, easting, northing) <= metres:
            found.setdefault(each.name, NearStreet(each.name, each.easting, each.northing))
    return list(found.values())


def _metres(each: Postcode | Street, easting: float, northing: float) -> float:
    return hypot((each.easting or 0) - easting, (each.northing or 0) - northing)


_Row = tuple[str, str, str, str, int, int, int]


@dataclass(frozen=True, slots=True)
class _Streets:
    """Streets by number, their folded names with how many words each has, the same in order, and
    the words' index.
    """

    streets: list[_Row]
    names: list[tuple[str, int]]
    in_order: list[tuple[str, int]]
    lexicon: Lexicon


def _read_streets() -> _Streets:
    """A street once for each borough and outward code, at its most recorded point; the most
    recorded first.
    """
    rows = Street.objects.order_by("-weight", "name", "borough", "outward", "id").values_list(
        "name", "borough", "outward", "lsoa", "easting", "northing", "weight"
    )
    most: dict[tuple[str, str, str], _Row] = {}
    for row in rows:
        most.setdefault(row[:3], row)
    streets = list(most.values())
    texts = ([(row[0], 1.0), (row[1], 0.7), (row[2], 0.7)] for row in streets)
    names = [(row[0].casefold(), len(row[0].split())) for row in streets]
    in_order = sorted((name, number) for number, (name, _) in enumerate(names))
    return _Streets(streets, names, in_order, Lexicon(texts, first=MOST_RECORDED_STREETS))


_street_shelf = Shelf("places", _read_streets)


def _find_streets(text: str, limit: int) -> list[Place]:
    """Those whose name begins as typed, then by score; of equals a name of no more words, then the
    most recorded.
    """
    shelf = _street_shelf.get()
    typed, most = text.casefold().strip(), max(2, len(text.split()))
    found = shelf.lexicon.find(text)
    ranked = (
        (not name.startswith(typed), -found[number], max(0, words - most), number)
        for number in _worth_ranking(shelf, found, typed, most, limit)
        for name, words in [shelf.names[number]]
    )
    return [_of_street(*shelf.streets[rank[-1]]) for rank in nsmallest(limit, ranked)]


def _worth_ranking(
    shelf: _Streets, found: Mapping[int, float], typed: str, most: int, limit: int
) -> Iterable[int]:
    """Those among which the first `limit` are: a common word finds tens of thousands, and few can
    come first.

    Once `limit` streets, the most recorded first, have the best score and no word too many, only a
    name that begins as typed can go before them.
    """
    if len(found) <= RANKED_WHOLE:
        return found
    top = max(found.values())
    best = (
        number
        for number in sorted(found)
        if found[number] == top and shelf.names[number][1] <= most
    )
    first = set(islice(best, limit))
    if len(first) < limit:
        return found
    at = bisect_left(shelf.in_order, (typed, 0))
    begun = takewhile(lambda each: each[0].startswith(typed), islice(shelf.in_order, at, None))
    return first.union(number for _, number in begun if number in found)


def _of_street(
    name: str, borough: str, outward: str, lsoa: str, easting: int, northing: int, weight: int
) -> Place:
    latitude, longitude = to_position(easting, northing)
    return Place(
        kind="street",
        label=", ".join(filter(None, (name, borough, outward))),
        street=name,
        lsoa=lsoa,
        easting=easting,
        northing=northing,
        latitude=round(latitude, 6),
        longitude=round(longitude, 6),
        **{**_names(tables.policing(borough)), "district": borough},
    )


def read_ahead() -> None:
    """Make the index of streets and read the force areas now, so that nobody's first search waits
    for them.
    """
    _street_shelf.get()
    _force_areas()
