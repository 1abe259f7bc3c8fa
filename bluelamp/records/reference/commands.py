"""Load the reference data that comes with the program, and amend its rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import connection, models

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.database.locks import lock_until_commit
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.text import reject_unstorable
from bluelamp.records.reference import data
from bluelamp.records.reference.lookups.edition_cache import invalidate_caches
from bluelamp.records.reference.models import (
    ALWAYS,
    CodeListEntry,
    Court,
    Edition,
    Force,
    Offence,
    OutcomeType,
    Postcode,
    Street,
    Unit,
    Versioned,
)

TABLE_MODELS: dict[str, type[Versioned]] = {
    "offence": Offence,
    "outcome": OutcomeType,
    "force": Force,
    "unit": Unit,
    "court": Court,
    "entry": CodeListEntry,
}
TABLES, PLACES = "tables", "places"

_TABLE_FILES = (
    "offences",
    "offence_titles",
    "offence_synonyms",
    "outcomes",
    "forces",
    "units",
    "courts",
    "entries",
)
_PLACE_FILES = ("postcodes", "streets")
# What `amend_row` sets itself, or what would make another row of it.
_FIXED_COLUMNS = {"id", "code", "valid_from", "valid_to", "is_from_memory"}


@dataclass(frozen=True, slots=True)
class LoadResult:
    """How many rows were added to each table. All are 0 when the data was already there."""

    added: Mapping[str, int]

    @property
    def total(self) -> int:
        """Return how many rows were added in all."""
        return sum(self.added.values())


@command(permission="reference.edit", act="reference.loaded")
def load_reference(*, actor: Actor, at: datetime) -> LoadResult:
    """Load the program's reference data. Safe to repeat: the same data again adds nothing.

    A code that is already on record stays as it is, because staff may have amended it. Codes that
    are new in this release are added. Nobody amends postcodes and streets by hand, so they are
    replaced when their files change.
    """
    # Two processes that start together must not both load.
    lock_until_commit("load reference data")
    added: dict[str, int] = {}
    if _begin_edition_if_new(TABLES, data.fingerprint(*_TABLE_FILES), at):
        added |= {
            name: _insert_missing_rows(TABLE_MODELS[name], rows) for name, rows in _versioned_rows()
        }
    if _begin_edition_if_new(PLACES, data.fingerprint(*_PLACE_FILES), at):
        added["postcode"] = _replace_rows(Postcode, POSTCODE_FIELDS, _postcode_rows())
        added["street"] = _replace_rows(Street, STREET_FIELDS, _street_rows())
    record_act(None, ref="reference data", detail={"added": added})
    return LoadResult(added)


@command(permission="reference.edit", act="reference.amended")
def amend_row(
    *,
    actor: Actor,
    at: datetime,
    kind: str,
    code: str,
    changes: Mapping[str, Any],
    valid_from: date,
) -> UUID:
    """Close the open row of a code and open its next version.

    What was valid before `valid_from` stays as it was.

    Args:
        actor: Who amends it.
        at: When.
        kind: A key of TABLE_MODELS.
        code: The code whose row is amended.
        changes: New values by column; `source` is among them where a document was read.
        valid_from: The first day of the new version.

    Returns:
        The id of the new version.

    Raises:
        NotFound: The code is unknown.
        Refused: The kind or a column is unknown, a value does not fit, nothing changes, or
            `valid_from` is not after that of the present version.
    """
    if (model := TABLE_MODELS.get(kind)) is None:
        raise Refused("reference.table_unknown", field="kind")
    before = model._default_manager.select_for_update().filter(code=code, valid_to=None).first()
    if before is None:
        raise NotFound(f"There is no {kind} {code}.")
    if valid_from <= before.valid_from:
        raise Refused(
            "reference.valid_from_too_early", field="valid_from", valid_from=before.valid_from
        )
    after = _next_version(before, changes, valid_from)
    # Before the next version is checked: only one may be open.
    model._default_manager.filter(pk=before.pk).update(valid_to=valid_from)
    try:
        after.full_clean()
    except ValidationError as invalid:
        problems = [Problem(texts[0], name) for name, texts in invalid.message_dict.items()]
        raise Refused(errors=problems) from invalid
    after.save(force_insert=True)
    _new_edition(TABLES, at)
    record_act(
        after,
        ref=f"{kind} {code}",
        detail={"changed": sorted(changes), "valid_from": valid_from.isoformat()},
    )
    return after.id


def _next_version(before: Versioned, changes: Mapping[str, Any], valid_from: date) -> Versioned:
    values = {
        field.attname: getattr(before, field.attname) for field in before._meta.concrete_fields
    }
    for name, value in changes.items():
        try:
            field = before._meta.get_field(name)
        except FieldDoesNotExist:
            field = None
        if field is None or name in _FIXED_COLUMNS:
            raise Refused("reference.column_not_amendable", field=name[:40], column=name[:40])
        reject_unstorable(value, field=name)
        values[name] = value
    if all(getattr(before, name) == value for name, value in changes.items()):
        raise Refused("reference.nothing_changes", field="changes")
    values |= {"id": new_id(), "valid_from": valid_from, "valid_to": None}
    # Whoever gives a source has read a document.
    values["is_from_memory"] = before.is_from_memory and "source" not in changes
    return type(before)(**values)


def _begin_edition_if_new(name: str, fingerprint: str, at: datetime) -> bool:
    """Return whether these files are new, and begin a new edition if they are."""
    if Edition.objects.filter(name=name, fingerprint=fingerprint).exists():
        return False
    _new_edition(name, at, fingerprint=fingerprint)
    return True


def _new_edition(name: str, at: datetime, **changes: str) -> None:
    edition, _ = Edition.objects.select_for_update().get_or_create(name=name, defaults={"at": at})
    Edition.objects.filter(pk=edition.pk).update(
        number=edition.number + 1, stamp=new_id(), at=at, **changes
    )
    # Of this process. The others see the new stamp at their next look.
    invalidate_caches()


def _versioned_rows() -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    yield "offence", _offence_rows()
    yield "outcome", _outcome_rows()
    yield "force", _force_rows()
    yield "unit", _unit_rows()
    yield "court", _court_rows()
    yield "entry", _code_list_rows()


def _insert_missing_rows(model: type[Versioned], rows: Iterable[dict[str, Any]]) -> int:
    existing = set(model._default_manager.values_list("code", flat=True))
    fields = [field.attname for field in model._meta.concrete_fields]
    defaults = {
        field.attname: field.get_default()
        for field in model._meta.concrete_fields
        if field.name not in ("id", "code")
    }
    missing = (
        {**defaults, "valid_from": ALWAYS, "id": new_id(), **row}
        for row in rows
        if row["code"] not in existing
    )
    return _copy_rows(model, fields, ([row[name] for name in fields] for row in missing))


def _replace_rows(
    model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    # No foreign key points at these tables, so the rows need not be fetched before they go.
    model._default_manager.all()._raw_delete(model._default_manager.db)
    return _copy_rows(model, fields, rows)


def _copy_rows(
    model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """Insert rows by COPY, which is many times as fast as INSERT for 200,000 of them."""
    columns = {field.attname: field.column for field in model._meta.concrete_fields if field.column}
    quoted = ", ".join(connection.ops.quote_name(columns[name]) for name in fields)
    count = 0
    with (
        connection.cursor() as cursor,
        cursor.copy(
            f"COPY {connection.ops.quote_name(model._meta.db_table)} ({quoted}) FROM STDIN"
        ) as copy,
    ):
        for row in rows:
            copy.write_row(row)
            count += 1
    return count


def _is_from_memory(*sources: str) -> bool:
    # The source column says "memory" where nobody could check a document.
    return any("memory" in source for source in sources)


def _offence_rows() -> Iterator[dict[str, Any]]:
    """Yield the short list that officers record from, then every other offence code."""
    synonyms = {row["code"]: row for row in data.read_rows("offence_synonyms")}
    common: set[str] = set()
    for row in data.read_rows("offences"):
        # The second list has these codes too, with less about each.
        common.add(row["cjs_code"])
        # "NN" is the source's mark for an offence that is not notifiable and so has no class.
        ho_class = "" if row["hocr_class"] == "NN" else row["hocr_class"]
        code = f"{row['cjs_code']}/{ho_class}" if ho_class else row["cjs_code"]
        sources = [
            f"{label}: {row[column]}"
            for label, column in (
                ("code", "source"),
                ("Home Office code", "ho_code_source"),
                ("class", "hocr_class_source"),
                ("victim or state", "victim_or_state_source"),
            )
            if row[column]
        ]
        yield {
            "code": code,
            "cjs_code": row["cjs_code"],
            "title": row["offence_title"],
            "ho_class": ho_class,
            "ho_class_title": row["hocr_class_title"],
            "ho_group": row["ho_group"],
            "ho_code": row["ho_stat_code"],
            "ho_code_title": row["ho_code_title"],
            "mode_of_trial": row["mode_of_trial"],
            "category": row["cjs_category"],
            "is_recordable": row["recordable_on_pnc"] == "Y",
            "is_notifiable": row["notifiable"] == "Y",
            "victim_or_state": row["victim_or_state"],
            "police_uk_category": row["policeuk_category"],
            "attempt_of": row["attempt_of"],
            "is_common": True,
            "commonness": int(synonyms[code]["commonness"]) if code in synonyms else 1,
            "synonyms": synonyms[code]["synonyms"] if code in synonyms else "",
            "notes": row["notes"],
            "source": "; ".join(sources),
            "is_from_memory": _is_from_memory(*sources),
        }
    for row in data.read_rows("offence_titles"):
        if row["cjs_code"] in common:
            continue
        yield {
            "code": row["cjs_code"],
            "cjs_code": row["cjs_code"],
            "title": row["title"],
            "ho_class": row["hocr_class"],
            "ho_class_title": row["hocr_class_title"],
            "ho_group": row["ho_group"],
            "ho_code": row["ho_stat_code"],
            "mode_of_trial": row["mode_of_trial"],
            "category": row["category"],
            "is_recordable": row["recordable"] == "Y",
            "is_notifiable": row["notifiable"] == "Y",
            "police_uk_category": row["policeuk_category"],
            "source": "Ministry of Justice, bichard7-next-data 2.0.414 offence-code.json (MIT)",
        }


def _outcome_rows() -> Iterator[dict[str, Any]]:
    # Anything else means that it may be either way.
    needs_suspect = {"Y": True, "N": False}
    for row in data.read_rows("outcomes"):
        yield {
            "code": row["code"],
            "title": row["short_label"],
            "full_title": row["full_title"],
            "group": row["group_derived"],
            "needs_suspect": needs_suspect.get(row["named_suspect_required_derived"]),
            "victim_supports": row["victim_position_derived"],
            "notes": row["notes"],
            "source": row["source"],
            "is_from_memory": _is_from_memory(row["source"]),
        }


def _force_rows() -> Iterator[dict[str, Any]]:
    for row in data.read_rows("forces"):
        yield {
            "code": row["pnc_force_code"],
            "name": row["name"],
            "kind": row["type"],
            "slug": row["police_uk_slug"],
            "source": row["source"],
            "is_from_memory": _is_from_memory(row["source"]),
        }


def _unit_rows() -> Iterator[dict[str, Any]]:
    for row in data.read_rows("units"):
        yield {**row, "is_from_memory": _is_from_memory(row["source"])}


def _court_rows() -> Iterator[dict[str, Any]]:
    for row in data.read_rows("courts"):
        yield {"code": row.pop("ou_code"), **row}


def _code_list_rows() -> Iterator[dict[str, Any]]:
    for row in data.read_rows("entries"):
        # A code is unique within its list only.
        row["code"] = f"{row['list']}/{row['code']}"
        yield {
            **row,
            "details": json.dumps(json.loads(row["details"])),
            "is_from_memory": _is_from_memory(row["source"]),
        }


POSTCODE_FIELDS = ("postcode", "easting", "northing", "district", "ward")
STREET_FIELDS = ("id", "name", "borough", "outward", "lsoa", "easting", "northing", "weight")


def _postcode_rows() -> Iterator[Sequence[Any]]:
    for row in data.read_rows("postcodes"):
        yield (
            row["postcode"],
            row["easting"] or None,
            row["northing"] or None,
            row["district"],
            row["ward"],
        )


def _street_rows() -> Iterator[Sequence[Any]]:
    for row in data.read_rows("streets"):
        # Every field but the id, which comes first and is not in the file.
        yield (new_id(), *(row[name] for name in STREET_FIELDS[1:]))
