"""`data/case.json`: the case as data, as `contracts/case.schema.json` describes it.

Instants are written in UTC as `2026-03-03T16:15:00Z`, dates as `2026-03-03`. The same data gives
the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, TypedDict, get_args, get_origin, get_type_hints
from uuid import UUID

from bluelamp.casework.casefiles.case_data import CaseData, ContinuityData
from bluelamp.casework.casefiles.package_paths import original_paths, preview_paths
from bluelamp.foundation.kernel.datetime_input import format_instant

FORMAT = "bluelamp-case/1"
_JSON_TYPES = {int: (int,), float: (int, float), bool: (bool,), str: (str,)}


class DocumentEntry(TypedDict):
    """A form in the package. `may_be_served` is False if the defence must not have it unedited."""

    path: str
    sha256: str
    title: str
    may_be_served: bool


def canonical(entry: object) -> str:
    """Return JSON as continuity entries are written: sorted keys, no spaces."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def to_json(case: CaseData, *, documents: Sequence[DocumentEntry] = ()) -> bytes:
    """Return the case as JSON in UTF-8.

    Each exhibit also gets `original`, and each preview `path`: where the file is in the package.

    Args:
        case: The case.
        documents: The forms in the same package.
    """
    body = _to_plain(case)
    originals, previews = original_paths(case), preview_paths(case)
    for exhibit, exhibit_body in zip(case.exhibits, body["exhibits"], strict=True):
        exhibit_body["original"] = originals[exhibit.item_id]
        for preview, preview_body in zip(exhibit.previews, exhibit_body["previews"], strict=True):
            preview_body["path"] = previews[exhibit.item_id, preview.sha256]
    body |= {"format": FORMAT, "documents": [dict(document) for document in documents]}
    return (json.dumps(body, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode()


def from_json(raw: bytes) -> CaseData:
    """Return the case that `to_json` wrote.

    Raises:
        ValueError: The bytes are not such a file. The message names the place.
    """
    try:
        body = json.loads(raw)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"case.json is not JSON: {error}") from error
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise ValueError(f"case.json is not of the format {FORMAT}")
    case = _read_value(CaseData, body, "case")
    assert isinstance(case, CaseData)
    return case


def _to_plain(value: Any) -> Any:
    """Return a value as JSON can write it."""
    if isinstance(value, ContinuityData):
        return value.to_dict()
    if is_dataclass(value):
        return {field.name: _to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_to_plain(element) for element in value]
    # Before `date`, of which datetime is a subclass.
    if isinstance(value, datetime):
        return format_instant(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value


# Python evaluates the hints anew at each call, which takes longer than to read the data.
@lru_cache(maxsize=64)
def _type_hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read_value(kind: Any, value: Any, where: str) -> Any:
    """Return a JSON value as the type that the dataclass field declares."""
    origin = get_origin(kind)
    if origin is UnionType:
        options = get_args(kind)
        if value is None and NoneType in options:
            return None
        # Every union in the data is "something or None".
        return _read_value(
            next(option for option in options if option is not NoneType), value, where
        )
    if origin is tuple:
        return _read_tuple(get_args(kind), value, where)
    if kind is ContinuityData:
        if not isinstance(value, dict):
            raise ValueError(f"{where} is not an object")
        return ContinuityData(canonical=canonical(value))
    if is_dataclass(kind) and isinstance(kind, type):
        return _read_dataclass(kind, value, where)
    if kind in _JSON_TYPES:
        # bool is a subclass of int, so True would pass as a number.
        is_wrong_bool = isinstance(value, bool) and kind is not bool
        if not isinstance(value, _JSON_TYPES[kind]) or is_wrong_bool:
            raise ValueError(f"{where} is not of the kind {kind.__name__}")
        return value
    if not isinstance(value, str):
        raise ValueError(f"{where} is not written as text")
    try:
        return UUID(value) if kind is UUID else kind.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"{where} is not a {kind.__name__}: {value!r}") from error


def _read_tuple(element_kinds: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise ValueError(f"{where} is not a list")
    # `tuple[X, ...]`: any number of one type. Otherwise each place has its own type.
    if len(element_kinds) == 2 and element_kinds[1] is ...:
        return tuple(
            _read_value(element_kinds[0], element, f"{where}[{n}]")
            for n, element in enumerate(value)
        )
    if len(value) != len(element_kinds):
        raise ValueError(f"{where} does not have {len(element_kinds)} parts")
    return tuple(
        _read_value(kind, element, f"{where}[{n}]")
        for n, (kind, element) in enumerate(zip(element_kinds, value, strict=True))
    )


def _read_dataclass(kind: type, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise ValueError(f"{where} is not an object")
    names = {field.name for field in fields(kind)}
    # Keys that are no field of ours, such as `path`, were added by `to_json`.
    arguments = {
        name: _read_value(_type_hints(kind)[name], element, f"{where}.{name}")
        for name, element in value.items()
        if name in names
    }
    try:
        return kind(**arguments)
    except TypeError as error:
        raise ValueError(f"{where} lacks a value: {error}") from error
