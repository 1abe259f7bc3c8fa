from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.records.reference.rules import add_working_days, bank_holidays, is_working_day


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2026, 3, 3), 1, date(2026, 3, 4)),
        (date(2026, 3, 3), 5, date(2026, 3, 10)),
        (date(2026, 3, 6), 1, date(2026, 3, 9)),  # Friday to Monday
        (date(2026, 4, 2), 1, date(2026, 4, 7)),  # over Good Friday and Easter Monday
        (
            date(2026, 12, 24),
            1,
            date(2026, 12, 29),
        ),  # Boxing Day is a Saturday: Monday is its substitute
        (date(2026, 12, 31), 1, date(2027, 1, 4)),
        (date(2026, 3, 3), 0, date(2026, 3, 3)),
        (date(2026, 3, 7), 0, date(2026, 3, 9)),  # nought days from a Saturday is the Monday
        (date(2026, 3, 7), 1, date(2026, 3, 9)),
        (date(2022, 9, 16), 1, date(2022, 9, 20)),  # the state funeral, proclaimed for one year
    ],
)
def test_it_works(start: date, days: int, due: date) -> None:
    assert add_working_days(start, days) == due


def test_england_and_wales_not_scotland() -> None:
    assert len([day for day in bank_holidays(2026) if day.weekday() < 5]) == 8
    assert date(2026, 1, 2) not in bank_holidays(2026)


def test_they_are_counted_forwards() -> None:
    with pytest.raises(ValueError):
        add_working_days(date(2026, 3, 3), -1)


@given(start=st.dates(date(2020, 1, 1), date(2035, 1, 1)), days=st.integers(1, 40))
def test_as_many_working_days_lie_between(start: date, days: int) -> None:
    due = add_working_days(start, days)
    between = [start + timedelta(days=number) for number in range(1, (due - start).days + 1)]
    assert is_working_day(due)
    assert sum(map(is_working_day, between)) == days
