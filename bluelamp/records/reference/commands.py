"""Load what comes with the program; amend a row by closing it and opening its next version."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import connection, models

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.reference import data
from bluelamp.records.reference.models import (
    ALWAYS,
    Court,
    Dated,
    Edition,
    Entry,
    Force,
    Offence,
    OutcomeType,
    Postcode,
    Street,
    Unit,
)
from bluelamp.records.reference.queries.shelves import look_again

KINDS: dict[str, type[Dated]] = {
    "offence": Offence,
    "outcome": OutcomeType,
    "force": Force,
    "unit": Unit,
    "court": Court,
    "entry": Entry,
}
TABLES, PLACES = "tables", "places"

_TABLE_FILES = (
    "offences",
    "offence_titles",
    "offence_words",
    "outcomes",
    "forces",
    "units",
    "courts",
    "entries",
)
_PLACE_FILES = ("postcodes", "streets")
_NOT_AMENDED = {"id", "code", "valid_from", "valid_to", "is_from_memory"}
_LOCK = 0x626C_7265_66  # one loading at a time, whichever process it is in


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows were added to each table; all nought when the data was already there."""

    added: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.added.values())


@command(may="reference.edit", act="reference.loaded")
def load_reference(*, actor: Actor, at: datetime) -> Loaded:
    """Put the program's reference data on record. Safe to repeat: the same data again adds nothing.

    A dated code that is already on record stays as it is, since staff may have amended it; codes
    new in this release are added. Postcodes and streets are not amended by hand, and are replaced
    when their files change.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    added: dict[str, int] = {}
    if _is_new(TABLES, data.fingerprint(*_TABLE_FILES), at):
        added |= {name: _add_missing(KINDS[name], rows) for name, rows in _dated_rows()}
    if _is_new(PLACES, data.fingerprint(*_PLACE_FILES), at):
        added["postcode"] = _replace(Postcode, POSTCODE_FIELDS, _postcodes())
        added["street"] = _replace(Street, STREET_FIELDS, _streets())
    record_act(None, ref="reference data", detail={"added": added})
    return Loaded(added)


@command(may="reference.edit", act="reference.amended")
def amend(
    *,
    actor: Actor,
    at: datetime,
    kind: str,
    code: str,
    changes: Mapping[str, Any],
    valid_from: date,
) -> Dated:
    """Close the open row of this code and open its next version, which is returned.

    `kind` is a key of KINDS; `changes` maps field names to new values, `source` among them where a
    document was read. What was true before `valid_from` stays as it was. Raises NotFound for an
    unknown code, and Refused, naming the field, for an unknown kind or field, a value that does not
    fit, no change, or a date not after the last.
    """
    if (model := KINDS.get(kind)) is None:
        raise Refused(f"There is no reference table called {kind[:40]!r}.", field="kind")
    before = model._default_manager.select_for_update().filter(code=code, valid_to=None).first()
    if before is None:
        raise NotFound(f"There is no {kind} {code}.")
    if valid_from <= before.valid_from:
        raise Refused(
            f"The present version is from {before.valid_from:%-d %B %Y}; give a later date.",
            field="valid_from",
        )
    after = _next_version(before, changes, valid_from)
    model._default_manager.filter(pk=before.pk).update(valid_to=valid_from)
    try:
        after.full_clean()
    except ValidationError as wrong:
        raise Refused(
            errors={field: said[0] for field, said in wrong.message_dict.items()}
        ) from wrong
    after.save(force_insert=True)
    _new_edition(TABLES, at)
    record_act(
        after,
        ref=f"{kind} {code}",
        detail={"changed": sorted(changes), "valid_from": valid_from.isoformat()},
    )
    return after


def _next_version(before: Dated, changes: Mapping[str, Any], valid_from: date) -> Dated:
    values = {
        field.attname: getattr(before, field.attname) for field in before._meta.concrete_fields
    }
    for name, value in changes.items():
        try:
            field = before._meta.get_field(name)
        except FieldDoesNotExist:
            field = None
        if field is None or name in _NOT_AMENDED:
            raise Refused(f"{name[:40]!r} can't be amended.", field=name[:40])
        if isinstance(value, str) and "\x00" in value:
            raise Refused("This has a character that can't be kept.", field=name)
        values[name] = value
    if all(getattr(before, name) == value for name, value in changes.items()):
        raise Refused("Nothing would change.", field="changes")
    values |= {"id": new_id(), "valid_from": valid_from, "valid_to": None}
    values["is_from_memory"] = before.is_from_memory and "source" not in changes
    return type(before)(**values)


def _is_new(name: str, fingerprint: str, at: datetime) -> bool:
    if Edition.objects.filter(name=name, fingerprint=fingerprint).exists():
        return False
    _new_edition(name, at, fingerprint=fingerprint)
    return True


def _new_edition(name: str, at: datetime, **changes: str) -> None:
    edition, _ = Edition.objects.select_for_update().get_or_create(name=name, defaults={"at": at})
    Edition.objects.filter(pk=edition.pk).update(
        number=edition.number + 1, stamp=new_id(), at=at, **changes
    )
    look_again()


def _dated_rows() -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    yield "offence", _offences()
    yield "outcome", _outcomes()
    yield "force", _forces()
    yield "unit", _units()
    yield "court", _courts()
    yield "entry", _entries()


def _add_missing(model: type[Dated], rows: Iterable[dict[str, Any]]) -> int:
    held = set(model._default_manager.values_list("code", flat=True))
    fields = [field.attname for field in model._meta.concrete_fields]
    blank = {
        field.attname: field.get_default()
        for field in model._meta.concrete_fields
        if field.name not in ("id", "code")
    }
    fresh = (
        {**blank, "valid_from": ALWAYS, "id": new_id(), **row}
        for row in rows
        if row["code"] not in held
    )
    return _copy(model, fields, ([row[name] for name in fields] for row in fresh))


def _replace(
    model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    model._default_manager.all()._raw_delete(model._default_manager.db)
    return _copy(model, fields, rows)


def _copy(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
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


def _from_memory(*sources: str) -> bool:
    return any("memory" in source for source in sources)


def _offences() -> Iterator[dict[str, Any]]:
    """The short list that officers record from, then every other code of the criminal justice
    system.
    """
    said = {row["code"]: row for row in data.rows("offence_words")}
    usual: set[str] = set()
    for row in data.rows("offences"):
        usual.add(row["cjs_code"])
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
            "is_usual": True,
            "commonness": int(said[code]["commonness"]) if code in said else 1,
            "said_as": said[code]["said_as"] if code in said else "",
            "notes": row["notes"],
            "source": "; ".join(sources),
            "is_from_memory": _from_memory(*sources),
        }
    for row in data.rows("offence_titles"):
        if row["cjs_code"] in usual:
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


def _outcomes() -> Iterator[dict[str, Any]]:
    suspect = {"Y": True, "N": False}
    for row in data.rows("outcomes"):
        yield {
            "code": row["code"],
            "title": row["short_label"],
            "full_title": row["full_title"],
            "group": row["group_derived"],
            "needs_suspect": suspect.get(row["named_suspect_required_derived"]),
            "victim_supports": row["victim_position_derived"],
            "notes": row["notes"],
            "source": row["source"],
            "is_from_memory": _from_memory(row["source"]),
        }


def _forces() -> Iterator[dict[str, Any]]:
    for row in data.rows("forces"):
        yield {
            "code": row["pnc_force_code"],
            "name": row["name"],
            "kind": row["type"],
            "slug": row["police_uk_slug"],
            "source": row["source"],
            "is_from_memory": _from_memory(row["source"]),
        }


def _units() -> Iterator[dict[str, Any]]:
    for row in data.rows("units"):
        yield {**row, "is_from_memory": _from_memory(row["source"])}


def _courts() -> Iterator[dict[str, Any]]:
    for row in data.rows("courts"):
        yield {"code": row.pop("ou_code"), **row}


def _entries() -> Iterator[dict[str, Any]]:
    for row in data.rows("entries"):
        row["code"] = f"{row['list']}/{row['code']}"
        yield {
            **row,
            "details": json.dumps(json.loads(row["details"])),
            "is_from_memory": _from_memory(row["source"]),
        }


POSTCODE_FIELDS = ("postcode", "easting", "northing", "district", "ward")
STREET_FIELDS = ("id", "name", "borough", "outward", "lsoa", "easting", "northing", "weight")


def _postcodes() -> Iterator[Sequence[Any]]:
    for row in data.rows("postcodes"):
        yield (
            row["postcode"],
            row["easting"] or None,
            row["northing"] or None,
            row["district"],
            row["ward"],
        )


def _streets() -> Iterator[Sequence[Any]]:
    for row in data.rows("streets"):
        yield (new_id(), *(row[name] for name in STREET_FIELDS[1:]))
