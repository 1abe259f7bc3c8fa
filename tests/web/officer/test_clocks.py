"""A phone's clock may be wrong: the capture is taken, both times are kept, and somebody is told."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bluelamp.casework.crimes.commands import NewTime, correct_crime_time
from bluelamp.casework.crimes.models import Crime, NumberLease, TimeCorrection
from bluelamp.casework.crimes.rules import TimeField
from bluelamp.casework.investigations.models import Statement
from bluelamp.demo import cast
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.clock import CLOCK_TOLERANCE, now
from bluelamp.foundation.kernel.errors import Refused
from tests.cast import browser, signed_in
from tests.direct_writes import direct_writes
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


def test_a_crime_is_reported_when_the_officer_was_told(device: Device) -> None:
    """Recorded on Friday without signal, by a phone that is an hour fast, and sent on Monday."""
    told_at = now() - timedelta(days=3)
    device.lease()
    device_at = told_at + timedelta(hours=1)
    sent = device.crime() | {
        "device_at": device_at.isoformat(),
        "made_at": told_at.isoformat(),
    }
    # The lease is of before the crime, as it is on a phone.
    with direct_writes():
        NumberLease.objects.update(taken_at=told_at - timedelta(days=1))
    answer = device.put(sent, **{"X-Device-Time": _ahead(hours=1)})
    assert answer.status_code == 201
    assert answer.json()["clock_notice"] == "This phone’s clock is 1 hour fast. We kept both times."
    crime = Crime.objects.get(id=sent["id"])
    assert crime.reported_at == told_at
    assert crime.device_at == device_at
    assert crime.recorded_at > told_at + timedelta(days=2)
    assert crime.device_clock["error_s"] == 3600


def test_a_slow_clock_that_was_not_corrected(device: Device) -> None:
    """An older version of the app, on a phone that is a day slow, sends at once."""
    capture = device.crime() | {"device_at": _ahead(days=-1)}
    with direct_writes():
        NumberLease.objects.update(taken_at=now() - timedelta(days=9))
    answer = device.put(capture, **{"X-Device-Time": _ahead(days=-1)})
    assert answer.json()["clock_notice"].startswith("This phone’s clock is 24 hours slow.")
    crime = Crime.objects.get(id=capture["id"])
    assert abs(crime.reported_at - now()) < timedelta(minutes=1)


def test_what_a_fast_clock_explains_is_kept_and_can_be_corrected(device: Device) -> None:
    crime = device.crime(occurred_from=_ahead(hours=23)) | {"device_at": _ahead(days=1)}
    answer = device.put(crime)
    assert (answer.status_code, answer.json()["number"]) == (201, crime["body"]["number"])
    row = Crime.objects.get(id=crime["id"])
    assert row.occurred_from is not None
    assert row.occurred_from > now()
    number = str(row.number)
    page = browser(cast.JOY).get(f"/desk/crimes/{number.replace('/', '-')}/").content.decode()
    assert "The time it happened can’t be right" in page
    right = now() - timedelta(hours=1)
    new = NewTime(field=TimeField.OCCURRED_FROM, moment=right, reason="")
    with pytest.raises(Refused, match="Enter how you know"):
        correct_crime_time(actor=signed_in(cast.JOY), at=now(), number=number, new=new)
    new = replace(new, reason="The shop’s camera shows it")
    correct_crime_time(actor=signed_in(cast.JOY), at=now(), number=number, new=new)
    row.refresh_from_db()
    assert row.occurred_from == right
    correction = TimeCorrection.objects.get()
    assert correction.before_at == datetime.fromisoformat(crime["body"]["occurred_from"])
    with pytest.raises(Refused, match="must be in the past"):
        correct_crime_time(
            actor=signed_in(cast.JOY),
            at=now(),
            number=number,
            new=replace(new, moment=now() + timedelta(days=1)),
        )


def test_a_statement_of_the_wrong_year_is_flagged_and_corrected(device: Device) -> None:
    crime = device.crime()
    device.put(crime)
    statement = device.statement(crime, signed_at="1999-01-01T10:00:00+00:00")
    assert device.put(statement).status_code == 201
    joy, url = browser(cast.JOY), f"/desk/statements/{statement['id']}/"
    assert "This is before the crime happened" in joy.get(url).content.decode()
    number = crime["body"]["number"].replace("/", "-")
    form = {
        "which": f"statement:{statement['id']}",
        "moment_day": "3", "moment_month": "3", "moment_year": "2026", "moment_time": "4:20pm",
        "reason": "My pocket book",
    }  # fmt: skip
    times = f"/desk/crimes/{number}/times"
    assert "Select the time to correct" in joy.post(times, form | {"which": ""}).content.decode()
    assert joy.post(times, form).status_code == 302
    page = joy.get(url).content.decode()
    assert "4:20pm" in page
    assert "before the crime happened" not in page
    assert "My pocket book" in page
    # The words and the time that were sealed stay as they were.
    assert Statement.objects.get(id=statement["id"]).signed_at.year == 1999
    early = form | {"moment_year": "1998"}
    assert "must be after the crime happened" in joy.post(times, early).content.decode()


def test_a_photo_of_the_wrong_time_is_corrected(device: Device) -> None:
    crime = device.crime()
    device.put(crime)
    photo = device.item(crime, b"photo", captured_at="2099-01-01T10:00:00+00:00")
    assert device.put(photo).status_code == 201
    number = crime["body"]["number"].replace("/", "-")
    form = {
        "which": f"item:{photo['id']}",
        "moment_day": "3", "moment_month": "3", "moment_year": "2026", "moment_time": "16:14",
        "reason": "GPS time",
    }  # fmt: skip
    joy = browser(cast.JOY)
    assert joy.post(f"/desk/crimes/{number}/times", form).status_code == 302
    assert "4:14pm" in joy.get(f"/desk/crimes/{number}/times").content.decode()


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"read_over": False}, {"read_over": "Read the statement to them, then select the box"}),
        (
            {"pages": 9999},
            {"pages": "Number of pages must be that of the text and of the declaration"},
        ),
        (
            {"text": "A line.\n" * 60},
            {"pages": "Number of pages must be that of the text and of the declaration"},
        ),
        (
            {"maker_name": "Somebody Else"},
            {"maker_name": "The name must be that of the person on record"},
        ),
    ],
)
def test_a_statement_that_cannot_be_is_refused(
    device: Device, changes: dict[str, object], errors: dict[str, str]
) -> None:
    crime = device.crime()
    device.put(crime)
    assert problem(device.put(device.statement(crime, **changes)), 422) == errors
    assert not Statement.objects.exists()
    # One name in common is enough: people marry, and give a short form.
    assert device.put(device.statement(crime, maker_name="K. Asante")).status_code == 201
