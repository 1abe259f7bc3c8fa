"""The MG11, front and back."""

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from bluelamp.casework.casefiles.case_data import SignatureData
from bluelamp.casework.casefiles.documents import DECLARATION, mg11, mg11_back
from tests.casework.casefiles.example_case import CASE, STATEMENT


def _text(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def _front(**changes: Any) -> bytes:
    return mg11(case=CASE, statement=replace(STATEMENT, **changes))


def test_it_works() -> None:
    text = _text(_front())
    assert DECLARATION.replace("___", "1") in text
    for part in (
        "Witness statement",
        "Esi Mensah",
        "Over 18",
        "Nurse",
        "produce as exhibit AB/1.",
        "£640",
        "Page 1 of 1",
        "Signed electronically by Esi Mensah on Tuesday 3 March 2026 at 4:15pm.",
        "Statement taken by Constable Ada Byrne 1234AB",
        "Read over to the maker by Constable Ada Byrne before signing.",
    ):
        assert part in text


def test_the_front_has_no_address_birth_date_or_contact() -> None:
    text = _text(_front(text="I saw it."))
    for private in (
        "14 Lamp Street",
        "SE1 7AB",
        "1 June 1988",
        "07700 900123",
        "esi@example.com",
        "Kumasi",
    ):
        assert private not in text


def test_the_declaration_counts_the_pages_there_are_and_every_page_is_signed() -> None:
    reader = PdfReader(
        BytesIO(_front(text="\n".join(f"Line {n} of what I saw." for n in range(150)), pages=3))
    )
    count = len(reader.pages)
    assert count > 2
    assert f"consisting of {count} page(s)" in " ".join(reader.pages[0].extract_text().split())
    for number, page in enumerate(reader.pages, start=1):
        expected = " ".join(page.extract_text().split())
        assert f"Page {number} of {count}" in expected
        assert "01ZD0303226" in expected
        assert "Statement taken by Constable Ada Byrne" in expected
    last = " ".join(reader.pages[-1].extract_text().split())
    assert "Line 149 of what I saw. Signed electronically" in last
    assert ("The maker was shown 3 page(s)" in last) == (count != 3)


def test_only_an_officer_who_signed_is_said_to_have_witnessed_a_signature() -> None:
    assert "witnessed" not in _text(_front())
    empty = SignatureData(width=600, height=240, strokes=())
    assert "witnessed" not in _text(_front(officer_signature=empty))
    text = _text(_front(officer_signature=STATEMENT.signature))
    assert "Signature witnessed by Constable Ada Byrne 1234AB" in text
    assert "Statement taken by" not in text


def test_a_declaration_that_was_frozen_with_its_count_is_printed_as_it_was() -> None:
    frozen = DECLARATION.replace("___", "7")
    assert frozen in _text(_front(declaration=frozen))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"age": 15}, "Age if under 18 15"),
        ({"kind": "victim-personal-statement"}, "Victim Personal Statement"),
        ({"kind": "impact-statement-for-business"}, "Impact Statement for Business"),
        ({"original_language": "Twi", "original_text": "Mehuu no."}, "In Twi Mehuu no."),
        ({"signed_at": None, "signature": None}, "Not signed."),
        (
            {"original_language": "Twi", "interpreter": "Kofi Boateng"},
            "Made in Twi, through the interpreter Kofi Boateng",
        ),
        ({"visually_recorded": True}, "Witness evidence is visually recorded"),
    ],
)
def test_variants(changes: dict[str, Any], expected: str) -> None:
    assert expected in _text(_front(**changes))


@pytest.mark.parametrize(
    "strokes",
    [
        (),
        ((),),
        (((5.0, 5.0),),),
        (((float("nan"), 1.0), (float("inf"), 2.0)),),
        (((0.0, 1.0), (3000.0, 1.0)),),
    ],
    ids=["none", "empty", "a dot", "not numbers", "a flat line"],
)
def test_any_signature_makes_a_statement(strokes: Any) -> None:
    signature = SignatureData(width=300, height=100, strokes=strokes)
    assert len(PdfReader(BytesIO(_front(signature=signature))).pages) == 1


def test_the_back_has_its_marking_and_what_was_asked() -> None:
    text = _text(mg11_back(case=CASE, statement=STATEMENT))
    for part in (
        "must never be disclosed unedited",
        "POLICE AND PROSECUTION ONLY",
        "14 Lamp Street, London, Greater London, SE1 7AB",
        "1 June 1988",
        "12 to 26 August 2026",
        "Victim Personal Statement",
        "Walworth",
        "Tuesday 3 March 2026, 3:40pm",
    ):
        assert part in text


def test_an_empty_back() -> None:
    text = _text(mg11_back(case=CASE, statement=replace(STATEMENT, back=None, age=12)))
    assert "Not asked yet" in text
    assert "Parent or guardian" in text


def test_the_same_data_gives_the_same_bytes() -> None:
    assert _front() == _front()
    assert _front() != _front(text="Something else.")
