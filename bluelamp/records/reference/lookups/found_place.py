"""A place that was found, and who polices it."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import TypedDict

from django.db.models import Q

from bluelamp.records.reference.lookups import tables
from bluelamp.records.reference.models import Postcode, Street


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundPlace:
    """A place, and who polices it. Empty text or None where something is not known.

    `kind` is "postcode", "street" or "point". `unit` is the command unit's code, `force` the PNC
    code. Grid references are in metres, latitude and longitude in degrees (WGS84).
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


class PolicingNames(TypedDict):
    """The fields of a FoundPlace that name who polices it."""

    district: str
    district_code: str
    unit: str
    unit_name: str
    force: str
    force_name: str


def policing_names(policing: tables.Policing) -> PolicingNames:
    """Return the names and codes of who polices a place, "" for what is not known."""
    return {
        "district": policing.district.name if policing.district else "",
        "district_code": policing.district.code if policing.district else "",
        "unit": policing.unit.code if policing.unit else "",
        "unit_name": policing.unit.name if policing.unit else "",
        "force": policing.force.code if policing.force else "",
        "force_name": policing.force.name if policing.force else "",
    }


def square_condition(easting: float, northing: float, *, metres: int) -> Q:
    """Return the condition that a row is in the square from `metres` west and south of a grid
    reference to as far east and north of it.
    """
    # A square and not a circle: the index on easting and northing answers it.
    return Q(
        easting__range=(round(easting - metres), round(easting + metres)),
        northing__range=(round(northing - metres), round(northing + metres)),
    )


def distance_metres(row: Postcode | Street, easting: float, northing: float) -> float:
    """Return how far a row's point is from a grid reference, in metres."""
    return hypot((row.easting or 0) - easting, (row.northing or 0) - northing)
