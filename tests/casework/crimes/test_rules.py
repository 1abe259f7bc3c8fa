"""Numbers and distances."""

from datetime import UTC, datetime

import pytest

from bluelamp.casework.crimes.rules import (
    LEASE_LAPSED,
    LEASE_RELEASED,
    distance_metres,
    is_usable_by_device,
    most_to_lease,
    number_year,
    years_to_lease,
)


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


def test_a_phone_has_numbers_of_the_next_year_from_october() -> None:
    """One that is offline over new year must not give a number of last year."""
    # 1 October begins in London an hour before it does in UTC.
    assert years_to_lease(at=datetime(2026, 9, 30, 23, tzinfo=UTC), year=None) == [2026, 2027]
    assert years_to_lease(at=datetime(2026, 9, 30, 22, tzinfo=UTC), year=None) == [2026]
    assert years_to_lease(at=datetime(2026, 12, 31, 12, tzinfo=UTC), year=None) == [2026, 2027]
    assert years_to_lease(at=datetime(2026, 12, 1, 12, tzinfo=UTC), year=27) == [2027]


def test_before_december_they_are_few() -> None:
    october, december = (datetime(2026, month, 5, 12, tzinfo=UTC) for month in (10, 12))
    assert most_to_lease(at=october, year=2026, want=50) == 50
    assert most_to_lease(at=october, year=2027, want=50) == 10
    assert most_to_lease(at=october, year=2027, want=3) == 3
    assert most_to_lease(at=december, year=2027, want=50) == 50


def test_distance() -> None:
    assert distance_metres((534200, 176900), (534203, 176904)) == 5
