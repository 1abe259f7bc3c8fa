import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.foundation.kernel.errors import Refused
from bluelamp.records.people.rules import (
    birth_error,
    email_error,
    email_key,
    fold,
    name_keys,
    one_line,
    phone_error,
    phone_key,
    place_key,
    searchable,
    sounds_like,
    storable,
    vrm,
)


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
def test_the_same_address_is_the_same_place(
    one: tuple[str, str], other: tuple[str, str], same: bool
) -> None:
    keys = [place_key(address=address, postcode=postcode) for address, postcode in (one, other)]
    assert (keys[0] == keys[1]) is same, keys


def test_long_descriptions_that_begin_alike_are_different_places() -> None:
    keys = {
        place_key(address="by the canal " * 20 + end, postcode="") for end in ("lock", "bridge")
    }
    assert len(keys) == 2
    assert max(map(len, keys)) <= 200


def test_a_place_may_be_a_position_or_none() -> None:
    assert place_key(address="", postcode="", easting=534200, northing=176900) == "@534200,176900"
    assert place_key(address=" ", postcode="") == ""


# From the US National Archives' description of the Soundex system.
@pytest.mark.parametrize(
    ("name", "sound"),
    [
        ("washington", "W252"), ("lee", "L000"), ("gutierrez", "G362"), ("pfister", "P236"), ("jackson", "J250"),
        ("tymczak", "T522"), ("ashcraft", "A261"), ("", ""), ("李", ""),
    ],
)  # fmt: skip
def test_soundex(name: str, sound: str) -> None:
    assert sounds_like(name) == sound


def test_names_are_found_without_their_marks() -> None:
    assert fold("María-José O’Neil") == ["maria", "jose", "oneil"]
    assert {"oneil", "~O540"} <= set(name_keys("O'Neil"))


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("07700 900123", "07700900123"), ("+44 7700 900123", "07700900123"), ("0044 7700 900 123", "07700900123"),
        ("+44 (0)7700 900123", "07700900123"), ("+1 202 555 0100", "12025550100"),
    ],
)  # fmt: skip
def test_telephone_numbers_are_compared_one_way(typed: str, key: str) -> None:
    assert (phone_key(typed), phone_error(typed)) == (key, "")


@pytest.mark.parametrize("wrong", ["", "1", "call me", "0" * 40, "07700 900123; drop"])
def test_what_is_not_a_telephone_number(wrong: str) -> None:
    assert phone_error(wrong)


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("Esi.Mensah+police@example.co.uk", True),
        ("esi@exämple.com", True),
        ("o'neill_{x}@sub.example.police.uk", True),
        ("é@example.com", False),
        ("a@[127.0.0.1]", False),
        ("a@127.0.0.1", False),
        ("a@b..uk", False),
        ("a..b@example.com", False),
        ("a@-example.com", False),
        ("a@example.c", False),
        (f"a@{'x' * 64}.com", False),
        (f"{'a' * 250}@b.uk", False),
        ("a@b@example.com", False),
        ("a@.com", False),
        ("esi@", False),
        ("a b@c.d", False),
        ("a@b", False),
    ],
)
def test_email_addresses(text: str, good: bool) -> None:
    assert (email_error(text) == "") is good
    assert email_key(f" {text.upper()} ") == email_key(text)
    assert len(email_key("ﬃ" * 254)) <= 254


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Esi \t Mensah ", "Esi Mensah"),
        ("Esi\r\nMensah", "Esi Mensah"),
        ("Esi\u202egnp.exe\u2066", "Esignp.exe"),
        ("محمد علي", "محمد علي"),
        ("Zoë O’Neill-Łódź", "Zoë O’Neill-Łódź"),
    ],
)
def test_a_name_is_one_line_that_reads_one_way(typed: str, kept: str) -> None:
    assert one_line(typed) == kept


def test_dates_of_birth() -> None:
    today = date(2026, 3, 3)
    assert birth_error(date(1980, 1, 1), today=today) == ""
    assert birth_error(today, today=today)
    assert birth_error(date(1890, 1, 1), today=today)


def test_registrations_are_stored_without_spaces() -> None:
    assert vrm(" lb16 xkw ") == "LB16XKW"
    for wrong in ("", "é", "ABCDEFGHIJKL"):
        with pytest.raises(Refused):
            vrm(wrong)


def test_only_what_no_column_can_hold_is_refused(shared_data: Path) -> None:
    for text in json.loads(
        (shared_data / "security" / "blns" / "blns.json").read_text(encoding="utf-8")
    ):
        storable({"narrative": [text.replace("\x00", "")]})
    for wrong in ("\x00", "a\ud800"):
        with pytest.raises(Refused) as refused:
            storable({"deep": [{"er": wrong}]})
        assert refused.value.errors == {
            "er": "This contains a character that cannot be stored. Remove it and try again."
        }


@given(st.text())
def test_whatever_is_searched_for_can_be_asked_of_the_database(text: str) -> None:
    found = searchable(text)
    storable(found)
    assert len(found) <= 200
