"""Whoever says that it is no longer safe to contact them is sent nothing more, at once."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from bluelamp.casework.crimes.commands import record_from_report
from bluelamp.casework.investigations.commands import allocate_officer
from bluelamp.casework.reports.commands import submit_report
from bluelamp.casework.reports.lookups import get_report
from bluelamp.casework.victims.commands import open_session, send_code, stop_contact
from bluelamp.casework.victims.lookups import get_tracked_case
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.notifications.lookups import list_undelivered_messages
from bluelamp.foundation.notifications.models import Message
from bluelamp.records.people.models import Person, PersonCorrection
from tests.casework.scenes import AT, DAMAGE, ESI, REPORT_ANSWERS, refusal_of
from tests.confirmed_addresses import confirm_everybody

pytestmark = pytest.mark.django_db
RunJobs = Callable[[], int]


@pytest.fixture
def esi_reference(reference: None, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("secrets.choice", lambda digits: digits[0])
    return submit_report(actor=ESI, at=AT, report_id=new_id(), answers=REPORT_ANSWERS).reference


@pytest.fixture
def session_id(esi_reference: str) -> UUID:
    confirm_everybody()
    send_code(actor=ESI, at=AT, reference=esi_reference)
    return open_session(actor=ESI, at=AT, reference=esi_reference, code="000000")


def _stop(session_id: UUID, way: str = "other", detail: str = "My sister, 07700 900111") -> None:
    stop_contact(
        actor=ESI,
        at=AT,
        tracking_session_id=session_id,
        safe_contact=way,
        safe_contact_detail=detail,
    )


def test_it_works(
    esi_reference: str, session_id: UUID, joy: Actor, bilal: Actor, run_jobs: RunJobs
) -> None:
    _stop(session_id)
    run_jobs()
    assert set(Message.objects.values_list("state", flat=True)) == {"cancelled"}, (
        "the confirmation and the code had not been sent yet"
    )
    number = record_from_report(actor=joy, at=AT, reference=esi_reference, offence_code=DAMAGE)
    assert bilal.id
    allocate_officer(actor=bilal, at=AT, number=number.number, officer_id=bilal.id)
    run_jobs()
    confirm_everybody()
    send_code(actor=ESI, at=AT, reference=esi_reference)
    assert not Message.objects.exclude(state="cancelled").exists()
    listed = list_undelivered_messages(actor=joy, at=AT).messages
    assert {row.template for row in listed} == {
        "contact-stopped",
        "crime-recorded",
        "case-update",
    }
    assert {row.to for row in listed} == {""}, "the desk is not shown an address to use"
    report = get_report(actor=joy, at=AT, reference=esi_reference)
    assert (report.is_safe_to_contact, report.safe_contact) == (False, "other")
    assert report.safe_contact_detail == "My sister, 07700 900111"
    case = get_tracked_case(actor=ESI, at=AT, tracking_session_id=session_id)
    assert case.contact.is_safe_to_contact is False
    assert "in a way that you told us is safe" in str(case.next_steps[0])


def test_it_is_on_the_record(esi_reference: str, session_id: UUID) -> None:
    _stop(session_id)
    entry = AuditEntry.objects.get(act="tracking.contact_stopped", ref=esi_reference)
    assert entry.detail == {"safe_contact": "other", "cancelled": 1}
    assert PersonCorrection.objects.get().before["is_safe_to_contact"] == "yes"


def test_do_not_contact_me_asks_nothing_of_the_desk_but_to_know(
    esi_reference: str, session_id: UUID, joy: Actor, run_jobs: RunJobs
) -> None:
    _stop(session_id, "never", "")
    record_from_report(actor=joy, at=AT, reference=esi_reference, offence_code=DAMAGE)
    run_jobs()
    [row] = list_undelivered_messages(actor=joy, at=AT).messages
    assert row.template == "contact-stopped"
    assert row.reason.endswith("They do not want us to contact them at all")


def test_a_later_report_that_says_yes_is_safe_and_the_earlier_stays_unsafe(
    esi_reference: str, session_id: UUID, run_jobs: RunJobs
) -> None:
    _stop(session_id)
    run_jobs()
    later = submit_report(
        actor=ESI, at=AT + timedelta(days=1), report_id=new_id(), answers=REPORT_ANSWERS
    )
    run_jobs()
    [message] = Message.objects.exclude(state="cancelled")
    assert message.reference == later.reference
    assert Person.objects.get().is_safe_to_contact is False


@pytest.mark.parametrize(
    ("way", "detail", "field"),
    [("", "", "safe_contact"), ("time", " ", "safe_contact_detail"), ("x", "", "safe_contact")],
)
def test_how_she_can_be_reached_is_asked(
    session_id: UUID, way: str, detail: str, field: str
) -> None:
    assert list(refusal_of(lambda: _stop(session_id, way, detail))) == [field]
    assert Person.objects.get().is_safe_to_contact is True


def test_only_an_open_session_can_do_it(session_id: UUID) -> None:
    with pytest.raises(NotFound):
        _stop(new_id())
