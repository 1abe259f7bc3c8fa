import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.foundation.kernel.problems import Problem
from bluelamp.records.reference.rules import (
    check_postcode,
    format_postcode,
    looks_like_postcode,
    normalise_postcode,
    parse_postcode,
    postcode_candidates,
)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        # Royal Mail's six shapes and its one exception
        ("M1 1AE", "M1 1AE"),
        ("B33 8TH", "B33 8TH"),
        ("W1A 0AX", "W1A 0AX"),
        ("CR2 6XH", "CR2 6XH"),
        ("DN55 1PT", "DN55 1PT"),
        ("EC1A 1BB", "EC1A 1BB"),
        ("GIR 0AA", "GIR 0AA"),
        ("se154ql", "SE15 4QL"),
        (" S E 1 5-4QL.", "SE15 4QL"),
        # Letters that stand at no such place
        ("Q1 1AE", None),
        ("AI1 1AE", None),
        ("W1I 0AX", None),
        ("EC1C 1BB", None),
        ("SE15 4QC", None),
        ("SE15 AQL", None),
        ("SE155 4QL", None),
        ("GIR 0AB", None),
        ("SE15", None),
        ("", None),
        ("ＳＥ１５ ４ＱＬ", "SE15 4QL"),
    ],
)
def test_it_works(text: str, written: str | None) -> None:
    assert parse_postcode(text) == written


def test_what_a_slip_may_be_meant_for() -> None:
    assert postcode_candidates("SEI5 4QL") == ("SE154QL",)
    assert postcode_candidates("SW1A OAA") == ("SW1A0AA",)
    assert postcode_candidates("SE15 4QL")[0] == "SE154QL"
    assert postcode_candidates("SE15") == ()


def test_display_wants_a_postcode() -> None:
    assert format_postcode("SE154QL") == "SE15 4QL"
    with pytest.raises(ValueError):
        format_postcode("Peckham")


def test_what_looks_like_the_start_of_one() -> None:
    assert looks_like_postcode("se1")
    assert looks_like_postcode("E1 6")
    assert not looks_like_postcode("Rye Lane")
    assert not looks_like_postcode("")


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    for candidate in postcode_candidates(text):
        assert parse_postcode(candidate)
    looks_like_postcode(text)


@pytest.mark.parametrize(
    ("text", "normalised"),
    [("se154ql", "SE15 4QL"), (" se15 ", "SE15"), ("not a postcode", "NOT A PO"), ("", "")],
)
def test_what_is_not_quite_a_postcode_is_kept(text: str, normalised: str) -> None:
    assert normalise_postcode(text) == normalised


def test_what_is_too_long_for_a_postcode() -> None:
    assert check_postcode("SE15 4QL") is None
    assert check_postcode("SE15") is None
    problem = check_postcode("12 Acorn Parade", field="home_postcode")
    assert problem == Problem("reference.postcode_invalid", "home_postcode")
    assert problem.text == "Enter a full UK postcode, like SE15 4QL"
