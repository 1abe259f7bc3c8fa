"""A phone's clock may be wrong: the capture is taken, both times are kept, and somebody is told."""

from datetime import datetime, timedelta

import pytest

from bluelamp.casework.crimes.models import Crime
from bluelamp.casework.investigations.models import Statement
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.clock import CLOCK_TOLERANCE, now
from tests.web.officer.device import Device, problem


def _ahead(**span: float) -> str:
    return (now() + timedelta(**span)).isoformat(timespec="seconds")


def _clock_error(act: str) -> float:
    entry = AuditEntry.objects.filter(act=act).latest("at")
    return float(entry.detail.get("clock_ahead_s", 0))


@pytest.mark.parametrize(
    ("span", "words"),
    [
        ({"hours": 3, "minutes": 1}, "3 hours"),
        ({"days": 365, "minutes": 1}, "365 days"),
        ({"minutes": 20, "seconds": 30}, "20 minutes"),
    ],
)
def test_it_works(device: Device, span: dict[str, float], words: str) -> None:
    capture = device.crime() | {"device_at": _ahead(**span)}
    answer = device.put(capture)
    assert answer.status_code == 201
    notice = f"This phone’s clock is {words} fast. We kept both times."
    assert answer.json()["clock_notice"] == notice
    crime = Crime.objects.get(id=capture["id"])
    assert crime.device_at == datetime.fromisoformat(capture["device_at"])
    assert crime.recorded_at < now()
    assert _clock_error("crime.recorded") == pytest.approx(
        timedelta(**span).total_seconds(), abs=60
    )
    assert device.put(capture).json() == answer.json()


@pytest.mark.parametrize("minutes", [-525_600, -5, 0, 2])
def test_late_or_a_little_fast_is_not_worth_a_word(device: Device, minutes: int) -> None:
    answer = device.put(device.crime() | {"device_at": _ahead(minutes=minutes)})
    assert (answer.status_code, answer.json()["clock_notice"]) == (201, "")
    assert _clock_error("crime.recorded") == 0


@pytest.mark.parametrize("field", ["occurred_from", "occurred_to"])
def test_a_crime_of_tomorrow_is_refused_at_its_field(device: Device, field: str) -> None:
    crime = device.crime(**{field: _ahead(days=1)})
    errors = problem(device.put(crime), 422)
    assert errors == {field: "Date and time must be in the past"}
    assert not Crime.objects.exists()
    # The officer corrects it: the same crime, with the number that the victim has.
    crime["body"][field] = _ahead(hours=-1)
    answer = device.put(crime)
    assert (answer.status_code, answer.json()["number"]) == (201, crime["body"]["number"])


def test_just_now_by_a_clock_that_is_a_little_fast(device: Device) -> None:
    seconds = CLOCK_TOLERANCE.total_seconds() - 30
    assert device.put(device.crime(occurred_from=_ahead(seconds=seconds))).status_code == 201


def test_a_statement_and_a_photo_are_taken_and_flagged(device: Device) -> None:
    crime = device.crime()
    assert device.put(crime).status_code == 201
    statement = device.statement(crime, signed_at=_ahead(days=400))
    assert device.put(statement).status_code == 201
    assert Statement.objects.get(id=statement["id"]).signed_at > now()
    assert _clock_error("statement.taken") > 0
    photo = device.item(crime, b"photo", captured_at=_ahead(days=400))
    assert device.put(photo).status_code == 201
    assert _clock_error("crime.item_captured") > 0
