"""What lookups return instead of database rows."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from bluelamp.records.reference.models import (
    CodeListEntry,
    Court,
    Force,
    OutcomeType,
    Unit,
    format_offence_label,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class OffenceDetail:
    """One version of an offence, with the class it is counted in."""

    code: str
    cjs_code: str
    title: str
    label: str
    ho_class: str
    ho_class_title: str
    ho_group: str
    ho_code: str
    ho_code_title: str
    mode_of_trial: str
    category: str
    is_recordable: bool
    is_notifiable: bool
    victim_or_state: str
    police_uk_category: str
    is_common: bool
    commonness: int
    synonyms: str
    valid_from: date
    valid_to: date | None
    source: str
    is_from_memory: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class OutcomeTypeDetail:
    """A Home Office crime outcome. `needs_suspect` is None where it may be either way."""

    code: str
    title: str
    full_title: str
    group: str
    needs_suspect: bool | None
    victim_supports: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ForceDetail:
    """A police force or another owner of records. `slug` is its name on data.police.uk."""

    code: str
    name: str
    kind: str
    slug: str


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitDetail:
    """A command unit, district or station. `force` and `parent` are codes."""

    code: str
    name: str
    kind: str
    force: str
    parent: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CourtDetail:
    """A court, by its organisation unit code."""

    code: str
    name: str
    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CodeListEntryDetail:
    """A row of a short code list. `details` holds the columns that only this list has."""

    code: str
    list: str
    title: str
    details: dict[str, Any]


# What a detail copies from its row, whose label is worked out.
OFFENCE_COLUMNS = tuple(field.name for field in fields(OffenceDetail) if field.name != "label")


def to_offence_detail(row: dict[str, Any]) -> OffenceDetail:
    """Return what lookups show of an offence, from its columns."""
    return OffenceDetail(label=format_offence_label(row["title"], row["ho_class_title"]), **row)


def to_outcome_type_detail(row: OutcomeType) -> OutcomeTypeDetail:
    """Return what lookups show of an outcome type."""
    return OutcomeTypeDetail(
        code=row.code,
        title=row.title,
        full_title=row.full_title,
        group=row.group,
        needs_suspect=row.needs_suspect,
        victim_supports=row.victim_supports,
    )


def to_force_detail(row: Force) -> ForceDetail:
    """Return what lookups show of a force."""
    return ForceDetail(code=row.code, name=row.name, kind=row.kind, slug=row.slug)


def to_unit_detail(row: Unit) -> UnitDetail:
    """Return what lookups show of a unit."""
    return UnitDetail(
        code=row.code, name=row.name, kind=row.kind, force=row.force, parent=row.parent
    )


def to_court_detail(row: Court) -> CourtDetail:
    """Return what lookups show of a court."""
    return CourtDetail(code=row.code, name=row.name, kind=row.kind)


def to_code_list_entry_detail(row: CodeListEntry) -> CodeListEntryDetail:
    """Return what lookups show of a code list's row."""
    return CodeListEntryDetail(
        code=row.code, list=row.list, title=row.title, details=dict(row.details)
    )
