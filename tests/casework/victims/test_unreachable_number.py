"""No code goes to a number that is nobody's: to an e-mail address, or staff and the page say so."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from bluelamp.casework.reports.commands import submit_report
from bluelamp.casework.victims.commands import send_code
from bluelamp.casework.victims.lookups import get_report_confirmation
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.notifications.models import Message, UndeliveredMessage
from sandbox.notify import Notify
from tests.casework.scenes import AT, ESI, REPORT_ANSWERS
from tests.confirmed_addresses import confirm_everybody
from tests.foundation.notifications.conftest import notify

__all__ = ["notify"]

pytestmark = pytest.mark.django_db
NOBODYS, SWITCHED_OFF = "07700 900002", "07700 900003"


def _report(run_jobs: Callable[[], int], **answers: Any) -> tuple[UUID, str]:
    """Send a report whose receipt goes by text, and wait for what became of it."""
    report_id = new_id()
    by_text = replace(REPORT_ANSWERS, contact_preference="text", **answers)
    reference = submit_report(actor=ESI, at=AT, report_id=report_id, answers=by_text).reference
    run_jobs()
    confirm_everybody()
    return report_id, reference


def _codes_to(reference: str) -> list[str]:
    send_code(actor=ESI, at=AT, reference=reference)
    codes = Message.objects.filter(template="one-time-code", reference=reference)
    return list(codes.values_list("to", flat=True))


def test_it_works(reference: None, notify: Notify, run_jobs: Callable[[], int]) -> None:
    report_id, report = _report(run_jobs, phone=NOBODYS, email="")
    assert _codes_to(report) == []
    entry = AuditEntry.objects.filter(act="tracking.code_sent", ref=report).latest("pk")
    assert entry.detail["sent"] is False
    reason = "Our texts do not reach the number they gave, and they gave no email address"
    assert entry.detail["reason"] == reason
    assert UndeliveredMessage.objects.get(template="one-time-code").reason == reason
    confirmation = get_report_confirmation(actor=ESI, at=AT, report_id=report_id)
    assert confirmation.contact.message_kind == ""


def test_it_goes_by_email_where_there_is_an_address(
    reference: None, notify: Notify, run_jobs: Callable[[], int]
) -> None:
    report_id, report = _report(run_jobs, phone=NOBODYS)
    assert _codes_to(report) == [REPORT_ANSWERS.email]
    confirmation = get_report_confirmation(actor=ESI, at=AT, report_id=report_id)
    assert confirmation.contact.message_kind == "email"


def test_a_phone_that_is_switched_off_still_gets_codes(
    reference: None, notify: Notify, run_jobs: Callable[[], int]
) -> None:
    _, report = _report(run_jobs, phone=SWITCHED_OFF, email="")
    assert _codes_to(report) == [SWITCHED_OFF]
