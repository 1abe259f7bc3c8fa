import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.records.reference.rules import display, looks_like_postcode, parse_postcode, readings


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
        ("ＳＥ１５ ４ＱＬ", None),
    ],
)
def test_it_works(text: str, written: str | None) -> None:
    assert parse_postcode(text) == written


def test_what_a_slip_may_be_meant_for() -> None:
    assert readings("SEI5 4QL") == ("SE154QL",)
    assert readings("SW1A OAA") == ("SW1A0AA",)
    assert readings("SE15 4QL")[0] == "SE154QL"
    assert readings("SE15") == ()


def test_display_wants_a_postcode() -> None:
    assert display("SE154QL") == "SE15 4QL"
    with pytest.raises(ValueError):
        display("Peckham")


def test_what_looks_like_the_start_of_one() -> None:
    assert looks_like_postcode("se1")
    assert looks_like_postcode("E1 6")
    assert not looks_like_postcode("Rye Lane")
    assert not looks_like_postcode("")


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    for each in readings(text):
        assert parse_postcode(each)
    looks_like_postcode(text)
