"""What makes a charge or a statement unacceptable, each with the field it belongs to."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bluelamp.casework.investigations.rules import (
    MAX_STATEMENT_LENGTH,
    NewCharge,
    build_asn,
    check_charge,
    check_statement,
    is_valid_declaration,
    is_valid_signature,
)
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.records.reference.rules import parse_asn
from tests.casework.scenes import DECLARATION, SIGNATURE, make_scene_statement

TODAY = date(2026, 3, 3)
CHARGE = NewCharge(
    suspect_person_id=new_id(),
    offence_code="CD71039",
    wording="Damaged a mirror.",
    charged_on=TODAY,
    court_ou_code="B01IX00",
    hearing_on=TODAY + timedelta(days=28),
)
STATEMENT = make_scene_statement(crime_id=new_id(), person_id=new_id())


def test_it_works() -> None:
    assert check_charge(CHARGE, today=TODAY) == []
    assert check_statement(STATEMENT) == []


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"wording": " "}, "wording", "Enter the wording of the charge"),
        (
            {"charged_on": TODAY + timedelta(days=1)},
            "charged_on",
            "Date of the charge must be today or in the past",
        ),
        (
            {"arrested_on": TODAY + timedelta(days=1)},
            "arrested_on",
            "Date of the arrest must be the same as or before the charge",
        ),
        (
            {"hearing_on": TODAY - timedelta(days=1)},
            "hearing_on",
            "Date of the hearing must be the same as or after the charge",
        ),
        ({"unit": "LONG"}, "unit", "Unit must be 2 letters or numbers, like ZD"),
    ],
)
def test_problems_of_a_charge(changes: dict[str, object], field: str, sentence: str) -> None:
    charge = replace(CHARGE, **changes)  # type: ignore[arg-type]
    (problem,) = check_charge(charge, today=TODAY)
    assert (problem.field, problem.text) == (field, sentence)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"text": "  "}, "statement_missing"),
        ({"text": "x" * (MAX_STATEMENT_LENGTH + 1), "pages": None}, "statement_too_long"),
        ({"maker_name": " "}, "maker_name_missing"),
        ({"declaration": "This is true."}, "declaration_invalid"),
        ({"signature": {}}, "signature_missing"),
        ({"age": 18}, "age_not_under_18"),
        ({"pages": 0}, "pages_invalid"),
        ({"kind": "poem"}, "statement_kind_unknown"),
    ],
)
def test_problems_of_a_statement(changes: dict[str, object], code: str) -> None:
    statement = replace(STATEMENT, **changes)  # type: ignore[arg-type]
    (problem,) = check_statement(statement)
    assert problem.code == f"investigations.{code}"
    assert problem.text


def test_a_declaration_needs_both_halves() -> None:
    assert is_valid_declaration(DECLARATION.upper().replace(" ", "  "))
    assert not is_valid_declaration("True to the best of my knowledge and belief.")


@pytest.mark.parametrize(
    "signature",
    [
        None,
        {},
        SIGNATURE | {"width": 0},
        SIGNATURE | {"strokes": []},
        SIGNATURE | {"strokes": [[{"x": 1, "y": 1}]]},
        SIGNATURE | {"strokes": "signed"},
    ],
)
def test_a_signature_needs_a_box_and_a_stroke(signature: object) -> None:
    assert is_valid_signature(SIGNATURE)
    assert not is_valid_signature(signature)


def test_an_arrest_number_has_the_right_check_letter() -> None:
    asn = build_asn(force="01", unit="ZD", year=2026, serial=1)
    assert parse_asn(asn) == asn
