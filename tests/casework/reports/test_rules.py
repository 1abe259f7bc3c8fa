from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.casework.reports.rules import (
    STEPS,
    is_high_harm,
    parse_reference,
    read_answers,
    reference_for,
    validate,
)
from tests.casework.scenes import AT, TYPED


@given(
    st.integers(0, 2**40 - 1),
    st.integers(0, 8),
    st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"),
)
def test_a_reference_is_read_back_and_one_wrong_symbol_is_noticed(
    number: int, place: int, symbol: str
) -> None:
    reference = reference_for(number)
    if reference is None:
        return
    assert (
        parse_reference(f" {reference.lower().replace('0', 'o').replace('1', 'l')} ") == reference
    )
    digits = [char for char in reference[3:] if char != "-"]
    if digits[place] != symbol:
        digits[place] = symbol
        assert parse_reference("BL" + "".join(digits)) is None


def test_most_numbers_have_a_reference() -> None:
    issued = sum(reference_for(number) is not None for number in range(3700))
    assert issued == 3200


@pytest.mark.parametrize(
    "text", ["", "BL", "BL-000-000-001", "01/0000123/26", "BL-ÄÖÜ-000-000", "x" * 900]
)
def test_what_is_not_a_reference(text: str) -> None:
    assert parse_reference(text) is None


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("4.15pm", datetime(2026, 3, 2, 16, 15, tzinfo=UTC)),
        ("1615", datetime(2026, 3, 2, 16, 15, tzinfo=UTC)),
        ("noon", datetime(2026, 3, 2, 12, tzinfo=UTC)),
        ("12am", datetime(2026, 3, 2, 0, tzinfo=UTC)),
        ("", datetime(2026, 3, 2, 0, tzinfo=UTC)),
    ],
)
def test_times_are_read_as_people_write_them(typed: str, expected: datetime) -> None:
    assert read_answers({**TYPED, "from_time": typed}, at=AT).occurred_from == expected


def test_the_end_of_a_line_is_one_character_as_the_page_counts_it() -> None:
    story = "It broke.\r\n" * 400
    assert validate("what", {**TYPED, "narrative": story}, at=AT) == {}
    assert (
        read_answers({**TYPED, "narrative": story}, at=AT).narrative
        == ("It broke.\n" * 400).strip()
    )
    too_long = validate("what", {**TYPED, "narrative": story + "x\r\nx"}, at=AT)
    assert too_long == {
        "narrative": "What happened must be 4,000 characters or fewer; this is 4,003."
    }


def test_london_time_in_summer() -> None:
    summer = {
        **TYPED,
        "when": "exact",
        "from_day": "1",
        "from_month": "7",
        "from_year": "2025",
        "from_time": "9am",
    }
    assert read_answers(summer, at=AT).occurred_from == datetime(2025, 7, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("step", "changes", "field"),
    [
        ("what", {"kind": ""}, "kind"),
        ("what", {"narrative": "x" * 4001}, "narrative"),
        ("what", {"narrative": "\x00"}, "narrative"),
        ("where", {"address": "", "postcode": ""}, "address"),
        ("where", {"latitude": "north"}, "latitude"),
        ("where", {"easting": "nan"}, "easting"),
        ("when", {"when": ""}, "when"),
        ("when", {"from_day": ""}, "from_day"),
        ("when", {"from_day": "٣"}, "from_day"),
        ("when", {"from_year": "99999"}, "from_day"),
        ("when", {"from_time": "25:00"}, "from_time"),
        ("when", {"to_year": "2025"}, "to_day"),
        ("when", {"from_year": "2027", "when": "exact"}, "from_day"),
        ("you", {"role": "suspect"}, "role"),
        ("you", {"given_name": ""}, "given_name"),
        ("you", {"role": "business"}, "business_name"),
        ("you", {"born_day": "1", "born_month": "1", "born_year": "2030"}, "born_day"),
        ("contact", {"email": "", "phone": ""}, "email"),
        ("contact", {"phone": "", "contact_preference": "text"}, "phone"),
        ("vehicle", {"vrm": "TOO LONG A PLATE"}, "vrm"),
        ("check", {"is_declared_true": ""}, "is_declared_true"),
    ],
)
def test_each_step_says_what_to_put_right(step: str, changes: dict[str, str], field: str) -> None:
    assert field in validate(step, {**TYPED, **changes}, at=AT)


def test_what_esi_typed_needs_nothing_put_right() -> None:
    assert {step: validate(step, TYPED, at=AT) for step in STEPS} == {step: {} for step in STEPS}


@given(
    st.dictionaries(
        st.sampled_from([name for names in STEPS.values() for name in names]), st.text(max_size=40)
    )
)
def test_nothing_typed_breaks_the_form(answers: dict[str, str]) -> None:
    for step in STEPS:
        assert all(validate(step, answers, at=AT).values())


@pytest.mark.parametrize(
    ("kind", "narrative", "expected"),
    [
        ("criminal-damage", "My window is broken.", False),
        ("criminal-damage", "She said she would KILL me", True),
        ("domestic-abuse", "It has been going on.", True),
        ("theft", "They took my skillet.", False),
    ],
)
def test_what_deserves_quick_eyes(kind: str, narrative: str, expected: bool) -> None:
    assert is_high_harm(kind=kind, narrative=narrative) is expected
