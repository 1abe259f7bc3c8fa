"""Numbers, search terms and search keys."""

from datetime import UTC, datetime

import pytest

from bluelamp.casework.crimes.rules import (
    LEASE_LAPSED,
    LEASE_RELEASED,
    MAX_KEY_LENGTH,
    MAX_SEARCH_TERMS,
    build_search_keys,
    distance_metres,
    is_usable_by_device,
    number_year,
    parse_search_terms,
    years_to_lease,
)


def test_it_works() -> None:
    keys = build_search_keys(
        number="01/0000123/26",
        offence=("Criminal damage", "CD71039", "58C"),
        names=["Esi Mensah"],
        objects=["LB16XKW  "],
        address="12 Acorn Parade",
        postcode="SE15 4QL",
    )
    assert {"01/0000123/26", "0000123/26", "123/26", "123", "0000123"} <= set(keys)
    assert {"criminal", "damage", "cd71039", "58c", "lb16xkw", "acorn"} <= set(keys)
    assert {"esi", "mensah", "se15", "4ql", "se154ql"} <= set(keys)
    assert any(key.startswith("~") for key in keys), "how a name sounds"
    assert keys == sorted(set(keys))


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("", []),
        ("1/123/26", [("01/0000123/26", False)]),
        ("0000123/26", [("123/26", False)]),
        ("se15 4ql", [("se154ql", False)]),
        ("O'Neil", [("oneil", True)]),
        ("acorn 12", [("acorn", True), ("12", False)]),
    ],
)
def test_search_terms(typed: str, terms: list[tuple[str, bool]]) -> None:
    assert parse_search_terms(typed) == terms


def test_a_pasted_page_is_cut_short() -> None:
    assert len(parse_search_terms("a-b-c " * 500)) <= MAX_SEARCH_TERMS
    assert all(len(word) <= MAX_KEY_LENGTH for word, _ in parse_search_terms("x" * 5000))


@pytest.mark.parametrize(
    ("state", "void_reason", "expected"),
    [
        ("leased", "", True),
        ("void", LEASE_LAPSED, True),
        ("void", LEASE_RELEASED, True),
        ("void", "The phone was stolen.", False),
        ("used", "", False),
    ],
)
def test_a_lapsed_number_is_usable_and_a_withdrawn_one_is_not(
    state: str, void_reason: str, expected: bool
) -> None:
    assert is_usable_by_device(state=state, void_reason=void_reason) is expected


def test_a_number_belongs_to_the_year_in_london() -> None:
    # In British Summer Time UTC is an hour behind; at new year the two agree.
    assert number_year(datetime(2026, 12, 31, 23, 59, tzinfo=UTC)) == 2026
    assert number_year(datetime(2027, 1, 1, tzinfo=UTC)) == 2027


def test_december_leases_two_years() -> None:
    assert years_to_lease(at=datetime(2026, 12, 1, 12, tzinfo=UTC), year=None) == [2026, 2027]
    assert years_to_lease(at=datetime(2026, 11, 30, 12, tzinfo=UTC), year=None) == [2026]
    assert years_to_lease(at=datetime(2026, 12, 1, 12, tzinfo=UTC), year=27) == [2027]


def test_distance() -> None:
    assert distance_metres((534200, 176900), (534203, 176904)) == 5
