"""What we make of the times that a phone gives, whatever happened to its clock."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.foundation.kernel.clock import CLOCK_TOLERANCE, LONDON
from bluelamp.foundation.kernel.device_clock import (
    DeviceTimes,
    TimeProblem,
    audit_clock,
    correct_device_time,
    describe_clock,
    estimate_made_at,
    find_clock_change,
    find_clock_error,
    find_time_problem,
    parse_device_time,
)

VECTORS = json.loads(Path("contracts/vectors/device-clocks.json").read_text())
AT = datetime(2026, 11, 27, 20, tzinfo=UTC)
seconds = st.integers(min_value=-40_000_000, max_value=40_000_000)
waits = st.integers(min_value=0, max_value=3_000_000)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


@pytest.mark.parametrize("vector", VECTORS["captures"], ids=lambda vector: vector["name"])
def test_it_works(vector: dict[str, Any]) -> None:
    times = DeviceTimes(
        device_at=datetime.fromisoformat(vector["device_at"]),
        made_at=_moment(vector["made_at"]),
        sent_at=_moment(vector["sent_at"]),
        received_at=datetime.fromisoformat(vector["received_at"]),
        not_before=_moment(vector.get("not_before")),
    )
    assert estimate_made_at(times) == datetime.fromisoformat(vector["reported_at"])
    record = describe_clock(times)
    assert (record.get("error_s"), record.get("change_s")) == (
        vector["error_s"],
        vector["change_s"],
    )


@pytest.mark.parametrize("vector", VECTORS["london"], ids=lambda vector: vector["text"])
def test_london_time_means_the_same_in_both_languages(vector: dict[str, Any]) -> None:
    local = datetime.fromisoformat(vector["text"]).replace(tzinfo=LONDON)
    assert local.astimezone(UTC) == datetime.fromisoformat(vector["at"])
    second = local.replace(fold=1).astimezone(UTC)
    if vector["twice"]:
        assert second == datetime.fromisoformat(vector["second"])


@given(off=seconds, waited=waits)
def test_a_clock_that_is_only_wrong_never_moves_the_time(off: int, waited: int) -> None:
    made, received = AT, AT + timedelta(seconds=waited)
    ahead = timedelta(seconds=off)
    times = DeviceTimes(
        device_at=made + ahead, made_at=made, sent_at=received + ahead, received_at=received
    )
    assert estimate_made_at(times) == made
    assert find_clock_change(times) is None
    assert find_clock_error(times) == (ahead if abs(ahead) > CLOCK_TOLERANCE else None)
    # An older version, which corrects nothing, comes to the same.
    old = DeviceTimes(device_at=made + ahead, sent_at=received + ahead, received_at=received)
    assert estimate_made_at(old) == made


@given(off=seconds, jump=seconds, waited=waits, is_before=st.booleans())
def test_a_clock_that_is_changed_puts_nothing_in_the_future(
    off: int, jump: int, waited: int, is_before: bool
) -> None:
    """The clock is changed once: before the capture was made, or between that and sending."""
    received = AT + timedelta(seconds=waited)
    ahead, change = timedelta(seconds=off), timedelta(seconds=jump)
    times = DeviceTimes(
        device_at=AT + ahead + (change if is_before else timedelta(0)),
        made_at=AT + (change if is_before else timedelta(0)),
        sent_at=received + ahead + change,
        received_at=received,
    )
    estimate = estimate_made_at(times)
    assert estimate <= received
    if not is_before or change > timedelta(seconds=waited) + CLOCK_TOLERANCE:
        assert estimate == AT
    # A change is never believed without a word.
    assert (find_clock_change(times) is not None) == (abs(change) > CLOCK_TOLERANCE)


@given(st.datetimes(timezones=st.just(UTC)), st.none() | st.datetimes(timezones=st.just(UTC)))
def test_no_time_is_refused_by_an_error(device_at: datetime, made_at: datetime | None) -> None:
    times = DeviceTimes(device_at=device_at, made_at=made_at, received_at=AT)
    assert estimate_made_at(times) <= AT
    record = describe_clock(times)
    assert set(audit_clock(record)) <= {"clock_ahead_s", "clock_changed_s"}
    if "error_s" in record:
        corrected = correct_device_time(device_at, record)
        assert abs(corrected - estimate_made_at(times)) < timedelta(seconds=1)


def test_times_that_cannot_be() -> None:
    hour = timedelta(hours=1)
    assert find_time_problem(AT + hour, at=AT) == TimeProblem.IN_FUTURE
    assert find_time_problem(AT - hour, at=AT, earliest=AT) == TimeProblem.TOO_EARLY
    assert find_time_problem(AT, at=AT, earliest=AT) is None
    assert find_time_problem(AT + timedelta(minutes=4), at=AT) is None


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-11-27T20:00:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"]
)
def test_what_is_no_time_in_the_header(text: str) -> None:
    assert parse_device_time(text) is None


def test_a_time_in_the_header() -> None:
    assert parse_device_time("2026-11-27T20:00:00.123Z") == AT + timedelta(milliseconds=123)
