"""Makers' numbers: the table that the officer app is held to as well, and what holds for all."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TypedDict

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bluelamp.foundation.forms.rules import (
    QuestionSet,
    check_values,
    parse_question_set,
    read_answers,
)
from bluelamp.foundation.kernel.problems import render_message
from bluelamp.records.reference.rules import (
    IDENTIFIER_PARSERS,
    MAX_IDENTIFIER_LENGTH,
    check_identifier,
    is_card_number,
    parse_imei,
    parse_vin,
)
from bluelamp.records.reference.rules.serials import passes_luhn


class Vector(TypedDict):
    name: str
    scheme: str
    input: str
    value: str | None
    problem: str | None


VECTORS: list[Vector] = json.loads(
    (
        Path(__file__).resolve().parents[4] / "contracts" / "vectors" / "forms-identifiers.json"
    ).read_text()
)["vectors"]
DIGITS = "0123456789"
AT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def form() -> QuestionSet:
    """A form that asks for an identifier of each scheme."""
    questions = [
        {
            "id": scheme,
            "type": "identifier",
            "label": scheme.upper(),
            "required": False,
            "options": {"scheme": scheme},
        }
        for scheme in IDENTIFIER_PARSERS
    ]
    page = {"id": "numbers", "title": "Numbers", "questions": questions}
    section = {"id": "numbers", "title": "Numbers", "pages": [page]}
    content = {"name": "numbers", "version": 1, "title": "Numbers", "sections": [section]}
    return parse_question_set(json.dumps(content))


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_it_works(vector: Vector) -> None:
    scheme, text = vector["scheme"], vector["input"]
    problem = check_identifier(scheme, text, field="number")
    code = f"reference.{vector['problem']}" if vector["problem"] else None
    assert (problem.code if problem else None) == code
    assert IDENTIFIER_PARSERS[scheme](text) == vector["value"]
    if problem:
        assert problem.field == "number"
        assert "%(" not in render_message(problem.code, problem.params)


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_pages_and_the_api_take_the_same(form: QuestionSet, vector: Vector) -> None:
    typed = {vector["scheme"]: vector["input"]}
    for answers in (read_answers(form, typed, at=AT), check_values(form, typed, at=AT)):
        assert answers.values.get(vector["scheme"]) == vector["value"]
        # Nothing typed is no answer, and none is required here.
        if vector["value"] is None and vector["input"].strip():
            assert [problem.code for problem in answers.problems] == [
                f"reference.{vector['problem']}"
            ]


@given(st.sampled_from(sorted(IDENTIFIER_PARSERS)), st.text(max_size=50))
@example("imei", "²" * 15)
@example("vin", "²" * 17)
@example("serial", "ß" * 35)
@example("serial", "SERIAL SERIAL 123")
def test_any_text_is_stored_in_one_form_or_refused(scheme: str, text: str) -> None:
    value = IDENTIFIER_PARSERS[scheme](text)
    assert (value is None) == (check_identifier(scheme, text, field="") is not None)
    if value is not None:
        assert value.isascii()
        assert value.isalnum()
        assert len(value) <= MAX_IDENTIFIER_LENGTH
        assert IDENTIFIER_PARSERS[scheme](value) == value


@given(st.text(DIGITS, min_size=14, max_size=14), st.integers(0, 14), st.integers(1, 9))
def test_one_wrong_digit_of_an_imei_is_seen(body: str, place: int, change: int) -> None:
    imei = next(body + digit for digit in DIGITS if passes_luhn(body + digit))
    changed = str((int(imei[place]) + change) % 10)
    assert not passes_luhn(imei[:place] + changed + imei[place + 1 :])
    if len(set(imei)) > 1 and not is_card_number(imei):
        assert parse_imei(imei) == imei


@given(
    st.sampled_from("12345"),
    st.text("ABCDEFGHJKLMNPRSTUVWXYZ" + DIGITS, min_size=15, max_size=15),
)
def test_one_check_digit_fits_a_north_american_vin(first: str, rest: str) -> None:
    characters = "0123456789XABCDEFGHJKLMNPRSTUVWYZ"
    vins = [f"{first}{rest[:7]}{check}{rest[7:]}" for check in characters]
    accepted = [vin for vin in vins if parse_vin(vin)]
    assert len(accepted) == 1 or len(set(rest)) == 1
    assert all(vin[8] in "0123456789X" for vin in accepted)


@pytest.mark.parametrize(
    "number",
    # Test numbers that Stripe and others publish.
    ["4242424242424242", "5555555555554444", "2223003122003222", "378282246310005",
     "371449635398431", "6011111111111117", "3056930009020004", "36227206271667",
     "3566002020360505", "6200000000000005"],
)  # fmt: skip
def test_card_numbers_are_never_stored(number: str) -> None:
    assert is_card_number(number)
    for scheme in ("serial", "frame"):
        assert IDENTIFIER_PARSERS[scheme](number) is None
