"""References and codes as people type, paste and dictate them."""

import pytest

from bluelamp.casework.reports.rules import parse_reference, reference_for
from bluelamp.records.reference.rules import (
    parse_crime_number,
    parse_postcode,
    parse_typed_crime_number,
    parse_vrm,
)


@pytest.mark.parametrize(
    "typed",
    [
        "01/0000302/26",
        " 01 / 0000302 / 26 ",
        "01-0000302-26",
        "01\u20110000302\u201326",
        "01 0000302 26",
        "01.0000302.26",
        "01_0000302_26",
        "01000030226",
        "1/302/26",
        "01/302/2026",
        "crime number 01/0000302/26",
        "Crime no. 01/0000302/26.",
        "CRN: 01/0000302/26",
        "ref 01/0000302/26",
        "\u202a01/0000302/26\u202c",
        "０１/０００００302/26".replace("０００００302", "０００0302"),
    ],
)
def test_it_works(typed: str) -> None:
    assert str(parse_typed_crime_number(typed)) == "01/0000302/26"


@pytest.mark.parametrize(
    "typed",
    ["", "01", "01/0000000/26", "01/00003021/26", "BL-7K2-M9Q-XA4", "07700 900123", "/0000302/26",
     "01/0000302", "01/0000302/26/1", "x" * 5000, "1" * 5000],
)  # fmt: skip
def test_what_is_no_crime_number(typed: str) -> None:
    assert parse_typed_crime_number(typed) is None


def test_invisible_and_wide_characters_change_nothing() -> None:
    reference = reference_for(5) or ""
    assert parse_reference(f"\u200b{reference.replace('-', chr(0x2011))}\ufeff") == reference
    assert parse_postcode("ＳＥ１５ ４ＱＬ") == parse_postcode("SE15\u200b4QL\u202c") == "SE15 4QL"
    assert parse_vrm("ＡＢ１２ ＣＤＥ\u2060") == "AB12CDE"
    assert str(parse_crime_number("\u202a01/0000302/26")) == "01/0000302/26"
