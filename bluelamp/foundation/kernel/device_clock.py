"""What we make of the times that an officer's phone gives: one rule for all that it captures. Pure.

A phone's clock may be wrong by years, and may be changed between two captures. So each capture has
two times of the same moment: what the phone's clock said (`device_at`), and what the app made of it
with the last time that it had from us (`made_at`). When the phone sends the capture, it also says
what its clock shows then (`sent_at`), and we know what ours shows (`received_at`).

Nothing is refused for a wrong clock: every time is kept as it came, and we say by how much the
clock was wrong.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TypedDict

from bluelamp.foundation.kernel.clock import CLOCK_TOLERANCE, is_in_future

# A position may be some seconds old when the phone gives it.
GPS_TOLERANCE = timedelta(minutes=1)


class TimeProblem(StrEnum):
    """Why a time can't be right."""

    IN_FUTURE = "in-future"
    TOO_EARLY = "too-early"


class ClockRecord(TypedDict, total=False):
    """What is kept beside a capture of the phone's clock: nothing where there is nothing to say.

    `made_at` is the corrected time that the app gave, in ISO 8601. `error_s` is by how many seconds
    the phone's clock was ahead when the capture was made, negative where it was behind. `change_s`
    is by how many seconds the clock was put forward after the app had last heard our time.
    """

    made_at: str
    error_s: int
    change_s: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceTimes:
    """The times of one capture.

    Attributes:
        device_at: When it was made, by the phone's clock.
        made_at: The same moment as the app corrected it. None from versions that did not.
        sent_at: When it was sent, by the phone's clock. None from versions that did not say.
        received_at: When it arrived, by our clock.
        not_before: A moment before which it can't have been made, as when the phone was enrolled.
    """

    device_at: datetime
    received_at: datetime
    made_at: datetime | None = None
    sent_at: datetime | None = None
    not_before: datetime | None = None


def estimate_made_at(times: DeviceTimes) -> datetime:
    """Return when a capture was made: never after it arrived.

    What the app corrected is believed, unless it can't be. Then the phone's clock is: not what it
    shows, but how long it ran between making and sending. If that can't be either, all that is
    certain is when it arrived.
    """
    for estimate in (times.made_at, _made_at_by_waiting(times)):
        if estimate and not find_time_problem(
            estimate, at=times.received_at, earliest=times.not_before
        ):
            return min(estimate, times.received_at)
    has_other_times = times.made_at is not None or times.sent_at is not None
    # A version of the app that gives one time only: it is all that we know.
    if not has_other_times and not is_in_future(times.device_at, at=times.received_at):
        return min(times.device_at, times.received_at)
    return times.received_at


def find_clock_error(times: DeviceTimes) -> timedelta | None:
    """Return how far the phone's clock was ahead when a capture was made; negative where it was
    behind; None where that is less than `CLOCK_TOLERANCE`, or can't be told.
    """
    has_other_times = times.made_at is not None or times.sent_at is not None
    # One time alone: it may have waited for signal, and only one that is yet to come is wrong.
    if not has_other_times and not is_in_future(times.device_at, at=times.received_at):
        return None
    error = times.device_at - estimate_made_at(times)
    return error if abs(error) > CLOCK_TOLERANCE else None


def find_clock_change(times: DeviceTimes) -> timedelta | None:
    """Return by how much a phone's clock was changed after the app had last heard our time.

    Then one of the two is wrong: when it was made, or how long it waited. Nobody can tell which, so
    a person is asked to check. None where it was not changed, or can't be told.
    """
    if times.made_at is None or times.sent_at is None:
        return None
    error_when_sent = times.sent_at - times.received_at
    error_when_made = times.device_at - times.made_at
    change = error_when_sent - error_when_made
    return change if abs(change) > CLOCK_TOLERANCE else None


def find_gps_difference(
    gps_at: datetime | None, gps_device_at: datetime | None
) -> timedelta | None:
    """Return how far a phone's clock was ahead of the satellites' time; negative where behind.

    None where that is less than `GPS_TOLERANCE`, or the phone did not say both.
    """
    if gps_at is None or gps_device_at is None:
        return None
    difference = gps_device_at - gps_at
    return difference if abs(difference) > GPS_TOLERANCE else None


def describe_clock(times: DeviceTimes) -> ClockRecord:
    """Return what to keep of a phone's clock beside a capture."""
    record = ClockRecord()
    if times.made_at:
        record["made_at"] = times.made_at.isoformat()
    if error := find_clock_error(times):
        record["error_s"] = round(error.total_seconds())
    if change := find_clock_change(times):
        record["change_s"] = round(change.total_seconds())
    return record


def correct_device_time(device_at: datetime, record: ClockRecord) -> datetime:
    """Return when a capture was made, of its device's time and what was kept of that clock."""
    return device_at - timedelta(seconds=record.get("error_s", 0))


def audit_clock(record: ClockRecord) -> dict[str, int]:
    """Return what the audit record says of a phone's clock: nothing, unless it was wrong."""
    names = {"error_s": "clock_ahead_s", "change_s": "clock_changed_s"}
    return {names[key]: record[key] for key in ("error_s", "change_s") if key in record}


def find_time_problem(
    moment: datetime, *, at: datetime, earliest: datetime | None = None
) -> TimeProblem | None:
    """Return why a moment that a phone or a person gave can't be right, or None.

    Args:
        moment: The moment.
        at: When we were told, by our clock: nothing that was told then had still to happen.
        earliest: Before it, it can't have happened: a statement about a crime is not signed before
            the crime.
    """
    if is_in_future(moment, at=at):
        return TimeProblem.IN_FUTURE
    if earliest and moment < earliest - CLOCK_TOLERANCE:
        return TimeProblem.TOO_EARLY
    return None


def parse_device_time(text: str) -> datetime | None:
    """Return the time that a phone gives in a request's header; None for what is no time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    # Without a zone nobody knows which moment it is; in the year 1 or 9999, sums overflow.
    if moment.tzinfo is None or not 1970 <= moment.year <= 2200:
        return None
    return moment.astimezone(UTC)


def _made_at_by_waiting(times: DeviceTimes) -> datetime | None:
    """Return when a capture was made by how long it waited on the phone, if the clock ran on."""
    if times.sent_at is None:
        return None
    waited = times.sent_at - times.device_at
    # It was sent before it was made: the clock was put back in between.
    if waited < timedelta(0):
        return None
    return times.received_at - waited
