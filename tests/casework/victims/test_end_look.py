"""A look at a case lasts two hours, or until it is ended, or until another code was used."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from bluelamp.casework.reports.commands import submit_report
from bluelamp.casework.victims.commands import end_look, require_code, send_code, sweep_codes
from bluelamp.casework.victims.models import TrackingCode
from bluelamp.casework.victims.queries import track
from bluelamp.casework.victims.rules import CODES_KEPT, TRACKING_LASTS
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.kernel.ids import new_id
from tests.casework.scenes import AT, ESI, TOLD

pytestmark = pytest.mark.django_db


@pytest.fixture
def hers(reference: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """Esi's report; every code sent for it is 000000."""
    monkeypatch.setattr("secrets.choice", lambda digits: digits[0])
    return submit_report(actor=ESI, at=AT, report_id=new_id(), answers=TOLD).reference


def look(reference: str, at: datetime = AT) -> UUID:
    send_code(actor=ESI, at=at, reference=reference)
    return require_code(actor=ESI, at=at, reference=reference, code="000000")


def shows(look_id: UUID, at: datetime = AT) -> str:
    try:
        return track(actor=ESI, at=at, look_id=look_id).reference
    except NotFound:
        return ""


def test_it_works(hers: str) -> None:
    opened = look(hers)
    assert shows(opened) == hers
    end_look(actor=ESI, at=AT, look_id=opened)
    assert shows(opened) == ""
    assert AuditEntry.objects.filter(act="tracking.ended", ref=hers).count() == 1
    with pytest.raises(NotFound):
        end_look(actor=ESI, at=AT, look_id=opened)


def test_it_ends_by_itself(hers: str) -> None:
    opened = look(hers)
    assert shows(opened, AT + TRACKING_LASTS - timedelta(seconds=1)) == hers
    assert shows(opened, AT + TRACKING_LASTS) == ""


def test_another_code_ends_it(hers: str) -> None:
    before, after = look(hers), look(hers, AT + timedelta(minutes=1))
    assert (shows(before), shows(after)) == ("", hers)


def test_a_code_that_was_not_used_opens_nothing(hers: str) -> None:
    send_code(actor=ESI, at=AT, reference=hers)
    unused = TrackingCode.objects.get().id
    assert shows(unused) == ""
    with pytest.raises(NotFound):
        end_look(actor=ESI, at=AT, look_id=unused)


def test_a_look_at_one_case_does_not_end_one_at_another(hers: str) -> None:
    opened = look(hers)
    others = submit_report(actor=ESI, at=AT, report_id=new_id(), answers=TOLD).reference
    assert shows(look(others)) == others
    assert shows(opened) == hers


def test_codes_are_kept_a_week(hers: str) -> None:
    look(hers)
    week = AT + CODES_KEPT
    send_code(actor=ESI, at=week - timedelta(minutes=1), reference=hers)
    assert sweep_codes(actor=ESI, at=week) == 1
    assert TrackingCode.objects.get().sent_at == week - timedelta(minutes=1)
    assert AuditEntry.objects.get(act="tracking.codes_swept").category == "erasure"
