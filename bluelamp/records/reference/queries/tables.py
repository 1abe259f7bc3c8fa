"""The short tables: forces, units, courts, outcome types and code lists, as they were on a day or
are now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Q

from bluelamp.records.reference.models import Court, Dated, Edition, Entry, Force, OutcomeType, Unit
from bluelamp.records.reference.queries.shelves import Shelf
from bluelamp.records.reference.rules import bank_holidays as bank_holidays

D = TypeVar("D", bound=Dated)


def is_loaded() -> bool:
    """Whether the reference data is on record."""
    return Edition.objects.filter(name__in=("tables", "places")).count() == 2


def edition(name: str = "tables") -> str:
    """What names the present data of a set of tables: it changes with each loading and
    amendment.
    """
    held = Edition.objects.filter(name=name).first()
    return f"{held.number}-{held.stamp}" if held else ""


def outcome_types(*, on: date | None = None) -> Sequence[OutcomeType]:
    """The crime outcomes, 0 to 22, in the Home Office's order."""
    found = OutcomeType.objects.filter(_true(on))
    return sorted(found, key=lambda each: (int(each.code.rstrip("ABC") or 0), each.code))


def courts(kind: str = "", *, on: date | None = None) -> Sequence[Court]:
    """London's courts by name: all, or those whose kind begins so ("magistrates", "crown")."""
    return list(Court.objects.filter(_true(on), kind__istartswith=kind).order_by("name"))


def entries(name: str, *, on: date | None = None) -> Sequence[Entry]:
    """A code list: "victims-code", "mg-form", "file-failure", "police-uk-category",
    "police-uk-outcome", "record-disposal" or "enhanced-victim".
    """
    return list(Entry.objects.filter(_true(on), list=name).order_by("id"))


def forces(*, on: date | None = None, territorial: bool = False) -> Sequence[Force]:
    """Forces by code: all owners of records, or the 43 territorial ones of England and Wales."""
    found = (
        _unit_shelf().forces
        if on is None
        else list(Force.objects.filter(_true(on)).order_by("code"))
    )
    return [each for each in found if not territorial or each.kind == "territorial E&W"]


def force(code: str, *, on: date | None = None) -> Force | None:
    """The force with this PNC code."""
    return next((each for each in forces(on=on) if each.code == code), None)


def unit(code: str) -> Unit | None:
    """The present unit with this code: a command unit's, a district's ONS code, or a station's."""
    return _unit_shelf().units.get(code)


def command_units() -> Sequence[Unit]:
    """The command units by name."""
    return [each for each in _unit_shelf().units.values() if each.kind == Unit.Kind.COMMAND]


def districts(*, force_code: str = "") -> Sequence[Unit]:
    """Boroughs and districts by name: all that the postcodes cover, or one force's."""
    found = (each for each in _unit_shelf().units.values() if each.kind == Unit.Kind.DISTRICT)
    return [each for each in found if force_code in ("", each.force)]


@dataclass(frozen=True, slots=True)
class Policing:
    """Who polices a district; each None where it is not known."""

    district: Unit | None = None
    unit: Unit | None = None
    force: Force | None = None


def policing(district: str) -> Policing:
    """The district of this ONS code or name, whatever its case, and who polices it."""
    held = _unit_shelf()
    found = held.units.get(district) or held.by_name.get(district.casefold())
    if found is None or found.kind != Unit.Kind.DISTRICT:
        return Policing()
    force = next((each for each in held.forces if each.code == found.force), None)
    return Policing(found, held.units.get(found.parent), force)


@dataclass(frozen=True, slots=True)
class _Units:
    units: dict[str, Unit]
    by_name: dict[str, Unit]
    forces: list[Force]


def _read_units() -> _Units:
    found = list(Unit.objects.filter(valid_to=None).order_by("name"))
    named = {each.name.casefold(): each for each in found if each.kind == Unit.Kind.DISTRICT}
    known = list(Force.objects.filter(valid_to=None).order_by("code"))
    return _Units({each.code: each for each in found}, named, known)


_units = Shelf("tables", _read_units)


def _unit_shelf() -> _Units:
    return _units.get()


def _true(on: date | None) -> Q:
    if on is None:
        return Q(valid_to=None)
    return Q(valid_from__lte=on) & (Q(valid_to=None) | Q(valid_to__gt=on))
