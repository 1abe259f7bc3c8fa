"""The clock, read at the doors only and passed inwards as `at`."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """Return this instant, aware, in UTC."""
    return datetime.now(UTC)
