"""Times, money, distances and sizes as people say them."""

from datetime import UTC, date, datetime

import pytest

from bluelamp.web import formats


def test_it_works() -> None:
    at = datetime(2026, 3, 3, 16, 15, tzinfo=UTC)
    assert formats.format_date_time(at, today=date(2026, 3, 4)) == "Tuesday 3 March, 4:15pm"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (datetime(2026, 7, 1, 8, 0, tzinfo=UTC), "Wednesday 1 July, 9am"),
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "Thursday 2 July, 12:30am"),
        (datetime(2026, 1, 1, 0, 0, tzinfo=UTC), "Thursday 1 January, midnight"),
        (datetime(2025, 12, 25, 12, 0, tzinfo=UTC), "Thursday 25 December 2025, midday"),
        (None, ""),
    ],
)
def test_when(at: datetime | None, expected: str) -> None:
    assert formats.format_date_time(at, today=date(2026, 3, 4)) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2026, 3, 3), "3 March 2026"),
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), "2 July 2026"),
        (None, ""),
    ],
)
def test_day(value: date | None, expected: str) -> None:
    assert formats.format_date(value) == expected


@pytest.mark.parametrize(
    ("pence", "expected"),
    [(0, "£0"), (7950, "£79.50"), (120000, "£1,200"), (5, "£0.05"), (-100, "−£1")],
)
def test_money(pence: int, expected: str) -> None:
    assert formats.format_money(pence) == expected


@pytest.mark.parametrize(
    ("metres", "expected"),
    [
        (50, "50 yards"),
        (1609.344, "1 mile"),
        (800, "0.5 miles"),
        (4000, "2.5 miles"),
        (50000, "31 miles"),
    ],
)
def test_miles(metres: float, expected: str) -> None:
    assert formats.format_distance(metres) == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1000, "1 kB"),
        (2_140_000, "2.1 MB"),
        (999_600, "1 MB"),
        (200 * 10**9, "200 GB"),
    ],
)
def test_size(count: int, expected: str) -> None:
    assert formats.format_size(count) == expected
