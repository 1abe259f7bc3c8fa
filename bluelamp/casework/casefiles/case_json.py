"""`data/case.json`: the case as data, as `contracts/case.schema.json` describes it.

Instants are written in UTC as `2026-03-03T16:15:00Z`, dates as `2026-03-03`. The same facts give
the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

from bluelamp.casework.casefiles.facts import CaseFacts, ContinuityFacts
from bluelamp.casework.casefiles.naming import original_paths, preview_paths

FORMAT = "bluelamp-case/1"
NUMBERS = {int: (int,), float: (int, float), bool: (bool,), str: (str,)}


def canonical(entry: object) -> str:
    """JSON as continuity entries are written: keys in order, no spaces."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, ContinuityFacts):
        return value.entry()
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value


def to_json(facts: CaseFacts, *, documents: Sequence[Mapping[str, Any]] = ()) -> bytes:
    """The case as UTF-8 JSON. `documents` are `{"path", "sha256", "title", "may_be_served"}` of the
    forms beside it.

    To each exhibit it adds `original`, and to each preview `path`: where they lie in the package.
    """
    whole = _plain(facts)
    originals, previews = original_paths(facts), preview_paths(facts)
    for exhibit, written in zip(facts.exhibits, whole["exhibits"], strict=True):
        written["original"] = originals[exhibit.item_id]
        for preview, beside in zip(exhibit.previews, written["previews"], strict=True):
            beside["path"] = previews[exhibit.item_id, preview.sha256]
    whole |= {"format": FORMAT, "documents": [dict(document) for document in documents]}
    return (json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode()


@lru_cache(maxsize=64)
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(kind: Any, value: Any, where: str) -> Any:
    origin = get_origin(kind)
    if origin is UnionType:
        options = get_args(kind)
        if value is None and NoneType in options:
            return None
        return _read(next(option for option in options if option is not NoneType), value, where)
    if origin is tuple:
        if not isinstance(value, list):
            raise ValueError(f"{where} is not a list")
        of = get_args(kind)
        if len(of) == 2 and of[1] is ...:
            return tuple(_read(of[0], inner, f"{where}[{n}]") for n, inner in enumerate(value))
        if len(value) != len(of):
            raise ValueError(f"{where} does not have {len(of)} parts")
        return tuple(
            _read(inner, part, f"{where}[{n}]")
            for n, (inner, part) in enumerate(zip(of, value, strict=True))
        )
    if kind is ContinuityFacts:
        if not isinstance(value, dict):
            raise ValueError(f"{where} is not an object")
        return ContinuityFacts(canonical=canonical(value))
    if is_dataclass(kind) and isinstance(kind, type):
        if not isinstance(value, dict):
            raise ValueError(f"{where} is not an object")
        known = {field.name for field in fields(kind)}
        given = {
            name: _read(_hints(kind)[name], inner, f"{where}.{name}")
            for name, inner in value.items()
            if name in known
        }
        try:
            return kind(**given)
        except TypeError as error:
            raise ValueError(f"{where} lacks something: {error}") from error
    if kind in NUMBERS:
        if not isinstance(value, NUMBERS[kind]) or (isinstance(value, bool) and kind is not bool):
            raise ValueError(f"{where} is not of the kind {kind.__name__}")
        return value
    if not isinstance(value, str):
        raise ValueError(f"{where} is not written as text")
    try:
        return UUID(value) if kind is UUID else kind.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"{where} is not a {kind.__name__}: {value!r}") from error


def from_json(raw: bytes) -> CaseFacts:
    """The facts that `to_json` wrote. Raises `ValueError`, naming the place, for anything that is
    not such a file.
    """
    try:
        whole = json.loads(raw)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"case.json is not JSON: {error}") from error
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise ValueError(f"case.json is not of the format {FORMAT}")
    facts = _read(CaseFacts, whole, "case")
    assert isinstance(facts, CaseFacts)
    return facts
