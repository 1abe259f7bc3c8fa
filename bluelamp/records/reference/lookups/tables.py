"""The short tables: forces, units, courts, outcome types and code lists.

Each is returned as it was on a day, or as it is now where no day is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from bluelamp.records.reference.lookups.details import (
    CodeListEntryDetail,
    CourtDetail,
    ForceDetail,
    OutcomeTypeDetail,
    UnitDetail,
    to_code_list_entry_detail,
    to_court_detail,
    to_force_detail,
    to_outcome_type_detail,
    to_unit_detail,
)
from bluelamp.records.reference.lookups.edition_cache import EditionCache
from bluelamp.records.reference.models import (
    CodeListEntry,
    Court,
    Edition,
    Force,
    OutcomeType,
    Unit,
)
from bluelamp.records.reference.rules import bank_holidays as bank_holidays


def is_loaded() -> bool:
    """Return whether both editions of the reference data are in the database."""
    return Edition.objects.filter(name__in=("tables", "places")).count() == 2


def edition_stamp(name: str = "tables") -> str:
    """Return a text that changes with each load and amendment, "" before the first load."""
    edition = Edition.objects.filter(name=name).first()
    return f"{edition.number}-{edition.stamp}" if edition else ""


def list_outcome_types(*, on: date | None = None) -> Sequence[OutcomeTypeDetail]:
    """Return the crime outcomes, 0 to 22, in the Home Office's order."""
    rows = OutcomeType.objects.filter(_valid_on(on))
    # Codes are numbers with a letter at times ("1A"), so they don't sort as text.
    ordered = sorted(rows, key=lambda row: (int(row.code.rstrip("ABC") or 0), row.code))
    return [to_outcome_type_detail(row) for row in ordered]


def list_courts(kind: str = "", *, on: date | None = None) -> Sequence[CourtDetail]:
    """Return London's courts by name: all, or those whose kind begins "magistrates" or "crown"."""
    rows = Court.objects.filter(_valid_on(on), kind__istartswith=kind).order_by("name")
    return [to_court_detail(row) for row in rows]


def list_code_list(name: str, *, on: date | None = None) -> Sequence[CodeListEntryDetail]:
    """Return the rows of a code list.

    Args:
        name: "victims-code", "mg-form", "file-failure", "police-uk-category",
            "police-uk-outcome", "record-disposal" or "enhanced-victim".
        on: The day the rows must be valid on.
    """
    # Ids sort by when they were made, and the rows are loaded in the order of their document.
    rows = CodeListEntry.objects.filter(_valid_on(on), list=name).order_by("id")
    return [to_code_list_entry_detail(row) for row in rows]


def list_forces(*, on: date | None = None, territorial: bool = False) -> Sequence[ForceDetail]:
    """Return forces by code: all owners of records, or the 43 of England and Wales."""
    forces = (
        _unit_cache.get().forces
        if on is None
        else [to_force_detail(row) for row in Force.objects.filter(_valid_on(on)).order_by("code")]
    )
    return [force for force in forces if not territorial or force.kind == "territorial E&W"]


def get_force(code: str, *, on: date | None = None) -> ForceDetail | None:
    """Return the force with this PNC code."""
    return next((force for force in list_forces(on=on) if force.code == code), None)


def get_unit(code: str) -> UnitDetail | None:
    """Return the present unit with this code: a command unit's, a district's or a station's."""
    return _unit_cache.get().units.get(code)


def list_command_units() -> Sequence[UnitDetail]:
    """Return the command units by name."""
    units = _unit_cache.get().units.values()
    return [unit for unit in units if unit.kind == Unit.Kind.COMMAND]


def list_districts(*, force_code: str = "") -> Sequence[UnitDetail]:
    """Return boroughs and districts by name: all that the postcodes cover, or one force's."""
    units = _unit_cache.get().units.values()
    return [
        unit for unit in units if unit.kind == Unit.Kind.DISTRICT and force_code in ("", unit.force)
    ]


@dataclass(frozen=True, slots=True)
class Policing:
    """Who polices a district. Each is None where it is not known."""

    district: UnitDetail | None = None
    unit: UnitDetail | None = None
    force: ForceDetail | None = None


def find_policing(district: str) -> Policing:
    """Return who polices a district, by its ONS code or by its name in any case."""
    cached = _unit_cache.get()
    # Postcodes give a district's code, streets its name.
    unit = cached.units.get(district) or cached.districts_by_name.get(district.casefold())
    if unit is None or unit.kind != Unit.Kind.DISTRICT:
        return Policing()
    force = next((force for force in cached.forces if force.code == unit.force), None)
    return Policing(unit, cached.units.get(unit.parent), force)


@dataclass(frozen=True, slots=True)
class _Units:
    units: dict[str, UnitDetail]
    districts_by_name: dict[str, UnitDetail]
    forces: list[ForceDetail]


def _read_units() -> _Units:
    units = [to_unit_detail(row) for row in Unit.objects.filter(valid_to=None).order_by("name")]
    forces = [to_force_detail(row) for row in Force.objects.filter(valid_to=None).order_by("code")]
    return _Units(
        units={unit.code: unit for unit in units},
        districts_by_name={
            unit.name.casefold(): unit for unit in units if unit.kind == Unit.Kind.DISTRICT
        },
        forces=forces,
    )


_unit_cache = EditionCache("tables", _read_units)


def _valid_on(on: date | None) -> Q:
    if on is None:
        return Q(valid_to=None)
    return Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gt=on))
