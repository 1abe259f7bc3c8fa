"""The case as data: round trip, the published JSON Schema, and refusals."""

import json
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bluelamp.casework.casefiles import case_data
from bluelamp.casework.casefiles.case_data import CaseData
from bluelamp.casework.casefiles.case_json import DocumentEntry, from_json, to_json
from tests.casework.casefiles.example_case import CASE, CONTINUITY, MADE_AT

SCHEMA = json.loads(
    (Path(__file__).parents[3] / "contracts" / "case.schema.json").read_text(encoding="utf-8")
)
EMPTY = CaseData(
    urn="",
    force_code="01",
    force_name="",
    unit="",
    created_at=MADE_AT,
    officer_in_case=CASE.officer_in_case,
)
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


def test_it_works() -> None:
    written = to_json(CASE)
    assert from_json(written) == CASE
    assert to_json(from_json(written)) == written
    exhibit = json.loads(written)["exhibits"][0]
    assert exhibit["original"] == "data/exhibits/AB-1/original/IMG_0042.HEIC"
    assert exhibit["previews"][0]["path"] == "data/exhibits/AB-1/previews/preview.jpg"


@pytest.mark.parametrize("case", [CASE, EMPTY], ids=["full", "empty"])
def test_the_published_schema_takes_it(case: CaseData) -> None:
    documents: list[DocumentEntry] = [
        {
            "path": "data/documents/MG5.pdf",
            "sha256": "a" * 64,
            "title": "MG5",
            "may_be_served": True,
        }
    ]
    VALIDATOR.validate(json.loads(to_json(case, documents=documents)))
    assert from_json(to_json(case)) == case


# The names in the published schema that are not those of our classes without "Data".
SCHEMA_NAMES = {
    "ChronologyEntry": "Chronology",
    "StatementBackData": "Back",
    "UnusedItemData": "Unused",
}


def test_the_schema_names_every_field() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    for name, kind in vars(case_data).items():
        if not is_dataclass(kind) or name == "ContinuityData":
            continue
        schema_name = SCHEMA_NAMES.get(name, name.removesuffix("Data"))
        described = SCHEMA if name == "CaseData" else SCHEMA["$defs"][schema_name]
        assert {field.name for field in fields(kind)} <= set(described["properties"]), name


def test_continuity_goes_in_unchanged() -> None:
    written = json.loads(to_json(CASE))["exhibits"][0]["continuity"]
    assert written == [json.loads(line.canonical) for line in CONTINUITY]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("exhibits", 0, "size"), "39"),
        (("exhibits", 0, "sha256"), "not a hash"),
        (("exhibits", 0, "original"), "../../etc/passwd"),
        (("links", 0, "role"), "bystander"),
        (("crimes", 0, "number"), None),
        (("statements",), {}),
    ],
)
def test_the_schema_refuses_what_is_wrong(path: tuple[Any, ...], value: object) -> None:
    body = json.loads(to_json(CASE))
    parent = body
    for key in path[:-1]:
        parent = parent[key]
    parent[path[-1]] = value
    assert list(VALIDATOR.iter_errors(body))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"\xff\xfe", "not JSON"),
        (b"[]", "format"),
        (b'{"format": "bluelamp-case/2"}', "format"),
        (b'{"format": "bluelamp-case/1"}', "lacks"),
        (b'{"format": "bluelamp-case/1", "exhibits": 3}', r"case\.exhibits is not a list"),
        (b'{"format": "bluelamp-case/1", "urn": 3}', r"case\.urn"),
        (b'{"format": "bluelamp-case/1", "created_at": "yesterday"}', r"case\.created_at"),
        (b'{"format": "bluelamp-case/1", "people": [{"id": "x"}]}', r"case\.people\[0\]\.id"),
        (b'{"format": "bluelamp-case/1", "exhibits": [{"continuity": [1]}]}', "not an object"),
    ],
)
def test_what_is_not_a_case_is_refused_with_the_place(raw: bytes, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        from_json(raw)


def test_text_in_every_script_comes_back() -> None:
    case = replace(CASE, force_name="Heddlu Dŵr £ 王小明 محمد 😀 \\ $ # * @")
    assert from_json(to_json(case)) == case
