"""A one-time code works once, for 15 minutes, and only while it is the newest."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bluelamp.casework.reports.commands import submit_report
from bluelamp.casework.reports.rules import ReportAnswers
from bluelamp.casework.victims.commands import exchange_code_for_session, open_session, send_code
from bluelamp.casework.victims.models import TrackingCode
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.notifications.models import Message
from bluelamp.foundation.notifications.rules import (
    CODE_DURATION,
    MAX_CODE_TRIES,
    MAX_CODES_PER_DAY,
    MAX_CODES_PER_HOUR,
)
from tests.casework.scenes import AT, ESI, REPORT_ANSWERS, refusal_of
from tests.confirmed_addresses import confirm_everybody

pytestmark = pytest.mark.django_db


def _submit(answers: ReportAnswers = REPORT_ANSWERS) -> str:
    reference = submit_report(actor=ESI, at=AT, report_id=new_id(), answers=answers).reference
    confirm_everybody()
    return reference


@pytest.fixture
def esi_reference(reference: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """The reference of Esi's report; the codes sent for it are 000000, 111111, 222222 …"""
    digits = iter("".join(digit * 6 for digit in "0123456789"))
    monkeypatch.setattr("secrets.choice", lambda _choices: next(digits))
    return _submit()


def _send(reference: str, at: datetime = AT) -> None:
    send_code(actor=ESI, at=at, reference=reference)


def _is_right(reference: str, code: str, at: datetime = AT) -> bool:
    return exchange_code_for_session(actor=ESI, at=at, reference=reference, code=code) is not None


def test_it_works(esi_reference: str) -> None:
    _send(esi_reference)
    assert not _is_right(esi_reference, "999999")
    assert _is_right(esi_reference, "000 000")
    assert not _is_right(esi_reference, "000000")


def test_it_lasts_10_minutes(esi_reference: str) -> None:
    _send(esi_reference)
    assert not _is_right(esi_reference, "000000", AT + CODE_DURATION)
    assert _is_right(esi_reference, "000000", AT + CODE_DURATION - timedelta(seconds=1))


def test_the_record_says_where_nothing_was_sent(esi_reference: str) -> None:
    """It once said that codes were sent for which no message was made."""
    nobody = _submit(replace(REPORT_ANSWERS, email="", phone="", is_safe_to_contact=False,
                             safe_contact="never"))  # fmt: skip
    before = Message.objects.count()
    for reference in ("BL-0000-0000-0", "01/9999999/26", nobody):
        _send(reference)
        entry = AuditEntry.objects.filter(act="tracking.code_sent").latest("pk")
        assert (entry.detail["sent"], Message.objects.count()) == (False, before), reference
    for minute in range(MAX_CODES_PER_HOUR + 1):
        _send(esi_reference, AT + timedelta(minutes=minute))
    entries = AuditEntry.objects.filter(act="tracking.code_sent", ref=esi_reference)
    sent = [entry.detail["sent"] for entry in entries.order_by("pk")]
    assert sent == [True] * MAX_CODES_PER_HOUR + [False]
    assert Message.objects.count() == before + MAX_CODES_PER_HOUR


def test_a_newer_code_voids_an_older_one(esi_reference: str) -> None:
    _send(esi_reference)
    _send(esi_reference, AT + timedelta(minutes=1))
    assert not _is_right(esi_reference, "000000", AT + timedelta(minutes=2))
    assert _is_right(esi_reference, "111111", AT + timedelta(minutes=2))
    assert not _is_right(esi_reference, "000000", AT + timedelta(minutes=3))


def test_wrong_tries_do_not_bring_an_older_code_back(esi_reference: str) -> None:
    _send(esi_reference)
    _send(esi_reference, AT + timedelta(minutes=1))
    for _ in range(MAX_CODE_TRIES):
        assert not _is_right(esi_reference, "999999", AT + timedelta(minutes=2))
    for code in ("111111", "000000"):
        assert not _is_right(esi_reference, code, AT + timedelta(minutes=3))


def test_a_wrong_code_is_refused_and_its_try_counted(esi_reference: str) -> None:
    _send(esi_reference)
    errors = refusal_of(
        lambda: open_session(actor=ESI, at=AT, reference=esi_reference, code="999999")
    )
    assert list(errors) == ["code"]
    assert TrackingCode.objects.get().tries == 1


def test_a_stranger_who_names_our_phone_first_gets_no_codes_of_ours(reference: None) -> None:
    stranger = replace(REPORT_ANSWERS, email="stranger@evil.example", phone=REPORT_ANSWERS.phone)
    _submit(stranger)
    own = _submit(replace(REPORT_ANSWERS, email="", contact_preference="text"))
    _send(own)
    message = Message.objects.get(template="one-time-code")
    assert (message.kind, message.to) == ("sms", REPORT_ANSWERS.phone)


def test_the_number_of_codes_is_limited(reference: None) -> None:
    own = _submit()
    for _ in range(MAX_CODES_PER_HOUR + 2):
        _send(own)
    assert TrackingCode.objects.count() == MAX_CODES_PER_HOUR
    for hour in range(1, 20):
        _send(own, AT + timedelta(hours=hour))
    assert TrackingCode.objects.count() == MAX_CODES_PER_DAY
