"""The words a crime is found by, and the terms of a search box."""

import pytest

from bluelamp.casework.crimes.search_keys import (
    MAX_KEY_LENGTH,
    MAX_SEARCH_TERMS,
    build_search_keys,
    parse_search_terms,
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
