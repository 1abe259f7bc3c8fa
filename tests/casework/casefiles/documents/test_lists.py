"""MG5, MG6C, MG9 and MG12."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader

from bluelamp.casework.casefiles.case_data import CaseData, Schedules, UnusedItemData
from bluelamp.casework.casefiles.documents import make_documents, mg5, mg6c, mg9, mg12
from bluelamp.casework.casefiles.documents.lists import offence_dates
from tests.casework.casefiles.example_case import CASE, EXHIBIT, STATEMENT

BARE = CaseData(
    urn="", force_code="01", force_name="Demo Police", unit="", created_at=CASE.created_at,
    officer_in_case=CASE.officer_in_case,
)  # fmt: skip


def _text(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).split())


def test_it_works() -> None:
    text = _text(mg5(case=CASE))
    for part in (
        "Jordan Lee O'Neill",
        "Detective Constable Bilal Khan 4417CX",
        "01/0000101/26",
        "CD71039",
        "between 2 March 2026 and 3 March 2026",
        "damaged overnight",
        "Not certified by a supervisor yet.",
    ):
        assert part in text


def test_nothing_that_is_served_gives_an_address_of_a_victim() -> None:
    case = replace(CASE, statements=(replace(STATEMENT, text="I saw it."),))
    for document in make_documents(case=case):
        if document.may_be_served:
            text = _text(document.pdf)
            assert "SE1 7AB" not in text, document.name
            assert "07700 900123" not in text, document.name


def test_the_unused_material_is_listed_with_room_for_the_prosecutor() -> None:
    text = _text(mg6c(case=CASE))
    assert "House-to-house record" in text
    assert "presumed to be disclosed" in text
    assert "Reviewing lawyer" in text


def test_a_schedule_of_hundreds_of_items_goes_over_many_pages_with_its_heads() -> None:
    items = tuple(
        UnusedItemData(number=n, description=f"Item {n} of the enquiry", location="Store")
        for n in range(1, 301)
    )
    reader = PdfReader(BytesIO(mg6c(case=replace(CASE, schedules=Schedules(unused=items)))))
    assert len(reader.pages) > 5
    assert "Item 300 of the enquiry" in _text(
        mg6c(case=replace(CASE, schedules=Schedules(unused=items)))
    )
    assert all(
        "Where it is held" in " ".join(page.extract_text().split()) for page in reader.pages[:-1]
    )


def test_witnesses_are_listed_once_a_statement_and_those_without_one_too() -> None:
    text = _text(
        mg9(
            case=replace(
                CASE,
                statements=(STATEMENT, replace(STATEMENT, maker_id=None, maker_name="Ada Byrne")),
            )
        )
    )
    assert "1 Esi Mensah Victim Statement, 3 March 2026 No" in text
    assert "2 Ada Byrne Police witness" in text
    assert "Esi Mensah Victim None" in _text(mg9(case=replace(CASE, statements=())))


def test_exhibits_keep_their_references() -> None:
    text = _text(mg12(case=replace(CASE, exhibits=(replace(EXHIBIT, reference="ESM/14"), EXHIBIT))))
    assert "1 ESM/14" in text
    assert "2 AB/1" in text


@pytest.mark.parametrize("form", [mg5, mg6c, mg9, mg12])
def test_an_empty_case_still_makes_the_form(form: Callable[..., bytes]) -> None:
    assert "None named yet" in _text(form(case=BARE))


@pytest.mark.parametrize(
    ("code", "ended", "expected"),
    [
        (1, None, "on 2 March 2026"),
        (2, None, "before 2 March 2026"),
        (3, None, "after 2 March 2026"),
        (4, date(2026, 3, 3), "between 2 March 2026 and 3 March 2026"),
        (5, None, "on or about 2 March 2026"),
        (6, None, "on or before 2 March 2026"),
    ],
)
def test_the_date_of_an_offence_in_words(code: int, ended: date | None, expected: str) -> None:
    assert offence_dates(replace(CASE.charges[0], date_code=code, ended_on=ended)) == expected
