import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.records.reference.rules import (
    CrimeNumberParts,
    check_letter,
    check_vrm,
    format_crime_number,
    parse_asn,
    parse_crime_number,
    parse_cro,
    parse_pnc,
    parse_ptiurn,
    parse_vrm,
)

PARSERS = {
    "PNC": lambda text: parse_pnc(text, year=2026),
    "CRO": parse_cro,
    "ASN": parse_asn,
    "PTIURN": parse_ptiurn,
}


@pytest.mark.parametrize(
    ("kind", "text", "canonical"),
    [
        # Ministry of Justice, hmpps-person-record@bf0902b and bichard7-next-core@6b127db, tests;
        # HMCTS PoliceCase.xml
        ("PNC", "1979/0163001B", "1979/0163001B"),
        ("PNC", "2002/0073319Z", "2002/0073319Z"),
        ("PNC", "81/34U", "1981/0000034U"),
        ("PNC", "2003/0000003Y", "2003/0000003Y"),
        ("PNC", "67/9893091D", "1967/9893091D"),
        ("PNC", "2001/0171310S", None),
        ("PNC", "2012/0052494O", None),
        ("CRO", "65656/91H", "065656/91H"),
        ("CRO", "SF05/482703J", "SF05/482703J"),
        ("CRO", "SF83/50058Z", "SF83/50058Z"),
        ("ASN", "1101ZD0100000448754K", "11/01ZD/01/448754K"),
        ("PTIURN", "01ZD0303208", "01ZD0303208"),
        ("PTIURN", "53CP2215321", "53CP2215321"),
        # Ours: spacing, case, and what is not quite one
        ("PNC", " 1979 / 0163001b ", "1979/0163001B"),
        ("PNC", "19790163001B", "1979/0163001B"),
        ("PNC", "1979/0163001C", None),
        ("CRO", "65656/91J", None),
        ("CRO", "SF05/482703K", None),
        ("ASN", "11/01ZD/01/448754K", "11/01ZD/01/448754K"),
        ("ASN", "11/01zd/01/00000448754k", "11/01ZD/01/448754K"),
        ("ASN", "1101ZD0100000448754L", None),
        ("ASN", "///", None),
        ("PTIURN", "01ZD0303208-M", "01ZD0303208-M"),
        ("PTIURN", "01/ZD/03032/08", "01ZD0303208"),
        ("PTIURN", "01Z10303208", None),
    ],
)
def test_it_works(kind: str, text: str, canonical: str | None) -> None:
    assert PARSERS[kind](text) == canonical


def test_the_published_vectors_all_pass(shared_data: Path) -> None:
    path = shared_data.parent / "reference" / "identifier_tests.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            assert PARSERS[row["type"]](row["input"]) == (row["canonical"] or None), row


def test_wide_letters_and_digits_are_read_as_the_usual_ones() -> None:
    """An East Asian keyboard types them, and they look alike."""
    assert PARSERS["PNC"]("１９７９/0163001B") == PARSERS["PNC"]("1979/0163001B") is not None


@pytest.mark.parametrize("kind", PARSERS)
@given(text=st.text())
def test_no_text_breaks_a_parser(kind: str, text: str) -> None:
    canonical = PARSERS[kind](text)
    assert canonical is None or PARSERS[kind](canonical) == canonical


@pytest.mark.parametrize("kind", PARSERS)
@pytest.mark.parametrize("text", ["", "١٩٧٩/0163001B", "1979/016300١B", "\x00", "SF"])
def test_digits_of_other_scripts_are_not_digits(kind: str, text: str) -> None:
    assert PARSERS[kind](text) is None


@given(
    serial=st.integers(0, 9_999_999),
    year=st.integers(1950, 2026),
    wrong=st.sampled_from("ABCDEFGHJKLMNPQRTUVWXYZ"),
)
def test_only_the_right_check_letter_passes(serial: int, year: int, wrong: str) -> None:
    right = check_letter(f"{year % 100:02d}{serial:07d}")
    assert (parse_pnc(f"{year}/{serial:07d}{wrong}", year=2026) is not None) == (wrong == right)


@given(
    serial=st.integers(1, 9_999_999),
    year=st.integers(2000, 2099),
    force=st.from_regex(r"\A[0-9]{2}\Z"),
)
def test_a_crime_number_reads_back(serial: int, year: int, force: str) -> None:
    number = CrimeNumberParts(force=force, serial=serial, year=year)
    assert parse_crime_number(str(number)) == number


def test_crime_numbers() -> None:
    assert format_crime_number(force="01", serial=1234, year=2026) == "01/0001234/26"
    assert parse_crime_number(" 01 / 0001234 / 26 ") == CrimeNumberParts(
        force="01", serial=1234, year=2026
    )
    for text in (
        "",
        "01/1234/26",
        "01/0000000/26",
        "1/0001234/26",
        "01/0001234/2026",
        "01/٠٠٠١٢٣٤/26",
        "\x00",
    ):
        assert parse_crime_number(text) is None


@pytest.mark.parametrize(
    "part", [{"force": "1"}, {"force": "٠١"}, {"serial": 0}, {"serial": 10_000_000}, {"year": 26}]
)
def test_a_crime_number_out_of_range_is_refused(part: dict[str, object]) -> None:
    parts: dict[str, object] = {"force": "01", "serial": 1, "year": 2026} | part
    with pytest.raises(ValueError):
        CrimeNumberParts(**parts)  # type: ignore[arg-type]


def test_registrations_have_no_spaces() -> None:
    assert parse_vrm(" lb16 xkw ") == "LB16XKW"
    assert check_vrm(" lb16 xkw ") is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Enter a registration number"),
        ("é", "Enter a registration number"),
        ("ABCDEFGHIJKL", "Registration number must be 11 characters or fewer"),
    ],
)
def test_what_is_no_registration(text: str, sentence: str) -> None:
    assert parse_vrm(text) is None
    problem = check_vrm(text)
    assert problem
    assert (problem.field, problem.text) == ("vrm", sentence)
