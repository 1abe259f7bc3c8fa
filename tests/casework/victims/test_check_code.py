"""A one-time code works once, for a while, and only while it is the newest."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bluelamp.casework.reports.commands import submit_report
from bluelamp.casework.victims.commands import check_code, send_code
from bluelamp.casework.victims.models import TrackingCode
from bluelamp.casework.victims.rules import CODE_LASTS, CODE_TRIES, CODES_A_DAY, CODES_AN_HOUR
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.notifications.models import Message
from tests.casework.scenes import AT, ESI, TOLD

pytestmark = pytest.mark.django_db


@pytest.fixture
def hers(reference: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """Esi's report; the codes sent for it are 000000, 111111, 222222 …"""
    drawn = iter("".join(digit * 6 for digit in "0123456789"))
    monkeypatch.setattr("secrets.choice", lambda _digits: next(drawn))
    return submit_report(actor=ESI, at=AT, report_id=new_id(), answers=TOLD).reference


def is_right(reference: str, code: str, at: datetime = AT) -> bool:
    return check_code(actor=ESI, at=at, reference=reference, code=code) is not None


def test_it_works(hers: str) -> None:
    send_code(actor=ESI, at=AT, reference=hers)
    assert not is_right(hers, "999999")
    assert is_right(hers, "000 000")
    assert not is_right(hers, "000000")


def test_it_lasts_a_quarter_of_an_hour(hers: str) -> None:
    send_code(actor=ESI, at=AT, reference=hers)
    assert not is_right(hers, "000000", AT + CODE_LASTS)
    assert is_right(hers, "000000", AT + CODE_LASTS - timedelta(seconds=1))


def test_a_newer_code_makes_an_older_one_void(hers: str) -> None:
    send_code(actor=ESI, at=AT, reference=hers)
    send_code(actor=ESI, at=AT + timedelta(minutes=1), reference=hers)
    assert not is_right(hers, "000000", AT + timedelta(minutes=2))
    assert is_right(hers, "111111", AT + timedelta(minutes=2))
    assert not is_right(hers, "000000", AT + timedelta(minutes=3))


def test_wrong_tries_do_not_bring_an_older_code_back(hers: str) -> None:
    send_code(actor=ESI, at=AT, reference=hers)
    send_code(actor=ESI, at=AT + timedelta(minutes=1), reference=hers)
    for _ in range(CODE_TRIES):
        assert not is_right(hers, "999999", AT + timedelta(minutes=2))
    for code in ("111111", "000000"):
        assert not is_right(hers, code, AT + timedelta(minutes=3))


def test_nobody_gets_the_codes_of_another_by_telling_us_of_them_first(
    reference: None,
) -> None:
    stranger = replace(TOLD, email="stranger@evil.example", phone=TOLD.phone)
    submit_report(actor=ESI, at=AT, report_id=new_id(), answers=stranger)
    esis = submit_report(actor=ESI, at=AT, report_id=new_id(), answers=replace(TOLD, email=""))
    send_code(actor=ESI, at=AT, reference=esis.reference)
    sent = Message.objects.get(template="one-time-code")
    assert (sent.kind, sent.to) == ("sms", TOLD.phone)


def test_only_so_many_codes_are_sent(reference: None) -> None:
    told = submit_report(actor=ESI, at=AT, report_id=new_id(), answers=TOLD).reference
    for _ in range(CODES_AN_HOUR + 2):
        send_code(actor=ESI, at=AT, reference=told)
    assert TrackingCode.objects.count() == CODES_AN_HOUR
    for hour in range(1, 20):
        send_code(actor=ESI, at=AT + timedelta(hours=hour), reference=told)
    assert TrackingCode.objects.count() == CODES_A_DAY
