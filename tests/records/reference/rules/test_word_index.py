import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.records.reference.rules import WordIndex

TEXTS = [
    "Theft from a shop",
    "Theft of a motor vehicle",
    "Criminal damage to a vehicle",
    "Common assault",
]
INDEX = WordIndex(
    [[(text, 1.0)] for text in TEXTS],
    synonyms={"crim dam": "criminal damage", "nicked": "theft"},
    first=3,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("theft", {0, 1}),
        ("thef", {0, 1}),
        ("vehicle theft", {1}),
        ("crim dam", {2}),
        ("crim dam veh", {2}),
        ("nicked shop", {0}),
        ("vehicel", {1, 2}),
        ("the vehicle was nicked", {1}),
        ("shop zebra", {0}),
        ("zebra", set()),
        ("a", {0, 1, 2}),
        ("", set()),
    ],
)
def test_it_works(text: str, expected: set[int]) -> None:
    assert set(INDEX.search(text)) == expected


@given(st.text())
def test_no_text_breaks_it_and_scores_are_shares(text: str) -> None:
    assert all(0 < score <= 1 for score in INDEX.search(text).values())
