"""The day in London, which differs from the day in UTC for an hour of each summer night."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bluelamp.foundation.kernel.clock import LONDON, london_date, london_now, now


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 7, 1, 22, 59, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 7, 1, 23, 0, tzinfo=UTC), date(2026, 7, 2)),
        (datetime(2026, 1, 1, 23, 59, tzinfo=UTC), date(2026, 1, 1)),
        (datetime(2026, 3, 29, 0, 30, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 7, 2, 0, 30, tzinfo=LONDON), date(2026, 7, 2)),
    ],
)
def test_it_works(at: datetime, day: date) -> None:
    assert london_date(at) == day


def test_now_is_aware() -> None:
    assert now().utcoffset() == timedelta(0)
    assert london_now().tzinfo is LONDON
    assert abs(london_now() - now()) < timedelta(seconds=5)
