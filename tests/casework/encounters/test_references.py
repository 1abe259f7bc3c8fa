"""References of encounters, and until when somebody may ask for a copy of their search's record."""

import json
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.casework.encounters.rules import (
    EncounterKind,
    encounter_reference,
    last_day_for_copy,
    parse_encounter_reference,
)

VECTORS = json.loads(
    Path("contracts/vectors/encounter-references.json").read_text(encoding="utf-8")
)["vectors"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["reference"])
def test_it_works(vector: dict[str, str]) -> None:
    """The phone makes the same reference from the same id, before there is any signal."""
    reference = encounter_reference(UUID(vector["id"]), EncounterKind.STOP_SEARCH)
    assert reference == vector["reference"]


@given(st.uuids(), st.sampled_from(EncounterKind))
def test_what_is_typed_is_found(encounter_id: UUID, kind: EncounterKind) -> None:
    reference = encounter_reference(encounter_id, kind)
    assert parse_encounter_reference(reference.lower().replace("-", " ")) == reference


@given(st.uuids(), st.integers(3, 15), st.integers(1, 31))
def test_a_wrong_symbol_is_noticed(encounter_id: UUID, place: int, step: int) -> None:
    symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    reference = encounter_reference(encounter_id, EncounterKind.STOP_SEARCH)
    if reference[place] == "-":
        place += 1
    wrong = symbols[(symbols.index(reference[place]) + step) % 32]
    assert parse_encounter_reference(reference[:place] + wrong + reference[place + 1 :]) is None


@pytest.mark.parametrize(
    "text", ["", "SS", "BL-7K2-M9Q-XA4", "SS-7K2M-9QXA-4P", "SS-٣٣٣٣-٣٣٣٣-٣٣٣"]
)
def test_what_is_no_reference_is_none(text: str) -> None:
    assert parse_encounter_reference(text) is None


@pytest.mark.parametrize(
    ("searched_on", "last_day"),
    [
        # PACE 1984 s.3(9): 3 months beginning with the date of the search, which is included.
        (date(2026, 3, 3), date(2026, 6, 2)),
        (date(2026, 10, 1), date(2026, 12, 31)),
        (date(2026, 11, 27), date(2027, 2, 26)),
        # The last month has no 30th or 31st: the period ends with the month.
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2027, 11, 30), date(2028, 2, 29)),
        (date(2027, 11, 29), date(2028, 2, 28)),
        (date(2026, 5, 31), date(2026, 8, 30)),
    ],
)
def test_a_copy_can_be_asked_for_within_3_months(searched_on: date, last_day: date) -> None:
    assert last_day_for_copy(searched_on) == last_day
