"""What pages say of the clock of a phone, and of times that can't be right."""

from datetime import datetime, timedelta

from bluelamp.foundation.kernel.device_clock import (
    ClockRecord,
    TimeProblem,
    find_gps_difference,
)
from bluelamp.web.formats import format_duration

TIME_PROBLEMS = {
    TimeProblem.IN_FUTURE: "This was still to come when it arrived",
    TimeProblem.TOO_EARLY: "This is before the crime happened",
}


def clock_notice(record: ClockRecord) -> str:
    """Return by how much the clock of a phone was wrong; "" where it was not."""
    parts = []
    if seconds := record.get("error_s"):
        direction = "fast" if seconds > 0 else "slow"
        parts.append(f"Its clock was {format_duration(timedelta(seconds=seconds))} {direction}")
    if record.get("change_s"):
        parts.append("Its clock was changed before this was sent. Check when it happened")
    return ". ".join(parts)


def gps_notice(gps_at: datetime | None, gps_device_at: datetime | None) -> str:
    """Return by how much a phone's clock was off the satellites' time; "" where it was not."""
    difference = find_gps_difference(gps_at, gps_device_at)
    if difference is None:
        return ""
    direction = "fast" if difference > timedelta(0) else "slow"
    return f"the phone’s own clock was {format_duration(abs(difference))} {direction}"
