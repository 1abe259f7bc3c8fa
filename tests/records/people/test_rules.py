from datetime import date

import pytest

from bluelamp.foundation.kernel.problems import Problem
from bluelamp.records.people.rules import (
    check_birth_date,
    location_key,
    name_keys,
    phonetic_key,
)


def test_it_works() -> None:
    assert name_keys("Kwame Boateng") == ["boateng", "kwame", "~BTNK", "~KWM"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (
            ("12 Acorn Parade, Peckham", "SE15 4QL"),
            ("12, ACORN PARADE, PECKHAM, London", "se154ql"),
            True,
        ),
        (("12 Acorn Rd", "SE15 4QL"), ("12 Acorn Road, SE15 4QL, UK", "SE15 4QL"), True),
        (("1 High St", "N1 9GU"), ("1 High Street", "N1 9GU"), True),
        (("1 St John's Ave", "N1 9GU"), ("1 St Johns Avenue", "N1 9GU"), True),
        (("1 St John", "N1 9GU"), ("1 Street John", "N1 9GU"), False),
        (("12 Acorn Parade", "SE15 4QL"), ("14 Acorn Parade", "SE15 4QL"), False),
        (("12 Acorn Parade", "SE15 4QL"), ("12 Acorn Parade", "SE15 4QN"), False),
        (("Flat 2, 12 Acorn Parade", "SE15 4QL"), ("12 Acorn Parade", "SE15 4QL"), False),
        (("Apt 2, 12 Acorn Parade", "SE15 4QL"), ("Flat 2 12 Acorn Parade", "SE15 4QL"), True),
    ],
)
def test_the_same_address_is_the_same_location(
    one: tuple[str, str], other: tuple[str, str], same: bool
) -> None:
    keys = [location_key(address=address, postcode=postcode) for address, postcode in (one, other)]
    assert (keys[0] == keys[1]) is same, keys


def test_long_descriptions_that_begin_alike_are_different_locations() -> None:
    keys = {
        location_key(address="by the canal " * 20 + end, postcode="") for end in ("lock", "bridge")
    }
    assert len(keys) == 2
    assert max(map(len, keys)) <= 200


def test_a_location_may_be_a_position_or_none() -> None:
    position = location_key(address="", postcode="", easting=534200, northing=176900)
    assert position == "@534200,176900"
    assert location_key(address=" ", postcode="") == ""


# Each pair had one key by the Soundex that was used before, or should have had.
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("smith", "smyth"),
        ("kestrel", "kestril"),
        ("mohammed", "muhammad"),
        ("asante", "asanti"),
        ("jackson", "jaxon"),
        ("catherine", "kathryn"),
        ("phillips", "filips"),
        ("nwachukwu", "nwachuku"),
        ("stephen", "steven"),
        ("patel", "pattel"),
        ("begum", "beegum"),
        ("lee", "leigh"),
    ],
)
def test_names_that_sound_alike_are_found_by_each_other(one: str, other: str) -> None:
    assert phonetic_key(one) == phonetic_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("smith", "jones"), ("robert", "rupert"), ("mensah", "menson")]
)
def test_names_that_sound_different_are_not(one: str, other: str) -> None:
    assert phonetic_key(one) != phonetic_key(other)


@pytest.mark.parametrize("token", ["", "李", "12", "_"])
def test_what_has_no_latin_letters_has_no_sound(token: str) -> None:
    assert phonetic_key(token) == ""


def test_names_are_found_without_their_marks() -> None:
    assert name_keys("O'Neil") == name_keys("ONEIL") == ["oneil", "~ONL"]


def test_dates_of_birth() -> None:
    today = date(2026, 3, 3)
    assert check_birth_date(date(1980, 1, 1), today=today) is None
    assert check_birth_date(today, today=today) == Problem("people.birth_date_not_past", "born_on")
    assert check_birth_date(date(1890, 1, 1), today=today, field="born_day") == Problem(
        "people.birth_date_too_early", "born_day"
    )
