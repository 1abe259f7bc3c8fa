"""A tracking session lasts 2 hours, or until it is ended, or until another code is used."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from bluelamp.casework.reports.commands import submit_report
from bluelamp.casework.victims.commands import (
    delete_old_codes,
    end_session,
    open_session,
    send_code,
)
from bluelamp.casework.victims.lookups import get_tracked_case
from bluelamp.casework.victims.models import TrackingCode
from bluelamp.casework.victims.rules import CODES_KEPT_FOR
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.notifications.rules import SESSION_DURATION
from tests.casework.scenes import AT, ESI, REPORT_ANSWERS
from tests.confirmed_addresses import confirm_everybody

pytestmark = pytest.mark.django_db


def _submit() -> str:
    return submit_report(actor=ESI, at=AT, report_id=new_id(), answers=REPORT_ANSWERS).reference


@pytest.fixture
def esi_reference(reference: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """The reference of Esi's report; every code sent for a report is 000000."""
    monkeypatch.setattr("secrets.choice", lambda digits: digits[0])
    return _submit()


def _open(reference: str, at: datetime = AT) -> UUID:
    confirm_everybody()
    send_code(actor=ESI, at=at, reference=reference)
    return open_session(actor=ESI, at=at, reference=reference, code="000000")


def _end(session_id: UUID) -> None:
    end_session(actor=ESI, at=AT, tracking_session_id=session_id)


def _reference_shown(session_id: UUID, at: datetime = AT) -> str:
    try:
        return get_tracked_case(actor=ESI, at=at, tracking_session_id=session_id).reference
    except NotFound:
        return ""


def test_it_works(esi_reference: str) -> None:
    session_id = _open(esi_reference)
    assert _reference_shown(session_id) == esi_reference
    _end(session_id)
    assert _reference_shown(session_id) == ""
    assert AuditEntry.objects.filter(act="tracking.ended", ref=esi_reference).count() == 1
    with pytest.raises(NotFound):
        _end(session_id)


def test_it_ends_by_itself(esi_reference: str) -> None:
    session_id = _open(esi_reference)
    last_second = AT + SESSION_DURATION - timedelta(seconds=1)
    assert _reference_shown(session_id, last_second) == esi_reference
    assert _reference_shown(session_id, AT + SESSION_DURATION) == ""


def test_another_code_ends_it(esi_reference: str) -> None:
    first = _open(esi_reference)
    second = _open(esi_reference, AT + timedelta(minutes=1))
    assert (_reference_shown(first), _reference_shown(second)) == ("", esi_reference)


def test_an_unused_code_opens_nothing(esi_reference: str) -> None:
    confirm_everybody()
    send_code(actor=ESI, at=AT, reference=esi_reference)
    unused = TrackingCode.objects.get().id
    assert _reference_shown(unused) == ""
    with pytest.raises(NotFound):
        _end(unused)


def test_a_session_for_another_report_goes_on(esi_reference: str) -> None:
    session_id = _open(esi_reference)
    other = _submit()
    assert _reference_shown(_open(other)) == other
    assert _reference_shown(session_id) == esi_reference


def test_codes_are_deleted_after_a_week(esi_reference: str) -> None:
    _open(esi_reference)
    a_week_later = AT + CODES_KEPT_FOR
    confirm_everybody()
    send_code(actor=ESI, at=a_week_later - timedelta(minutes=1), reference=esi_reference)
    assert delete_old_codes(actor=ESI, at=a_week_later) == 1
    assert TrackingCode.objects.get().sent_at == a_week_later - timedelta(minutes=1)
    assert AuditEntry.objects.get(act="tracking.codes_swept").category == "erasure"
