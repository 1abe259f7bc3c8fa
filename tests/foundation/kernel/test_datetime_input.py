"""Dates and times as people type them."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.foundation.kernel.datetime_input import (
    MAX_YEAR,
    MIN_YEAR,
    parse_clock_time,
    parse_date_parts,
)


def test_it_works() -> None:
    assert parse_date_parts("3", "7", "2026") == date(2026, 7, 3)
    assert parse_clock_time("2:30pm") == time(14, 30)


@pytest.mark.parametrize(
    ("day", "month", "year", "expected"),
    [
        ("27", "3", "2026", date(2026, 3, 27)),
        (" 27 ", " March ", "26", date(2026, 3, 27)),
        ("1", "SEPT", "5", date(2005, 9, 1)),
        ("29", "feb", "2024", date(2024, 2, 29)),
        ("31", "3", "1980", date(1980, 3, 31)),
    ],
)
def test_dates(day: str, month: str, year: str, expected: date) -> None:
    assert parse_date_parts(day, month, year) == expected


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [
        ("30", "2", "2026"),
        ("3", "", "2026"),
        ("x", "1", "2026"),
        ("1", "1", "202"),
        ("1", "1", "0999"),
        ("1", "1", "1799"),
        ("1", "1", "2200"),
        ("1", "1", "9" * 5000),
        ("٣", "1", "2026"),
        ("-1", "1", "2026"),
        ("1", "13", "2026"),
    ],
)
def test_no_such_date(day: str, month: str, year: str) -> None:
    assert parse_date_parts(day, month, year) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2:30pm", time(14, 30)),
        ("14:30", time(14, 30)),
        ("2.30 PM", time(14, 30)),
        ("4.15p.m.", time(16, 15)),
        ("4.15 p.m", time(16, 15)),
        ("1430", time(14, 30)),
        ("14h30", time(14, 30)),
        ("14h", time(14)),
        ("9am", time(9)),
        ("9", time(9)),
        ("12am", time(0)),
        ("12:05 p.m.", time(12, 5)),
        ("noon", time(12)),
        ("Midday", time(12)),
        (" midnight ", time(0)),
        ("0:00", time(0)),
    ],
)
def test_times(text: str, expected: time) -> None:
    assert parse_clock_time(text) == expected


@pytest.mark.parametrize(
    "text", ["", "25:00", "12:60", "13pm", "about tea time", "2:3", "0pm", "٣pm", "1:30:15", "pm"]
)
def test_no_such_time(text: str) -> None:
    assert parse_clock_time(text) is None


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_any_text_gives_a_date_in_range_or_none(day: str, month: str, year: str) -> None:
    parsed = parse_date_parts(day, month, year)
    assert parsed is None or MIN_YEAR <= parsed.year <= MAX_YEAR


@given(st.times())
def test_times_come_back(value: time) -> None:
    expected = value.replace(second=0, microsecond=0)
    for text in (f"{value:%H:%M}", f"{value:%H%M}", f"{value:%I.%M %p}", f"{value:%H}h{value:%M}"):
        assert parse_clock_time(text) == expected
