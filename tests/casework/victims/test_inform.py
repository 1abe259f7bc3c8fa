"""People are told the news of their case once, where it is safe, and it is on the audit record."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest

from bluelamp.casework.crimes.commands import record_at_scene, record_from_report
from bluelamp.casework.investigations.commands import allocate_officer
from bluelamp.casework.reports.commands import submit_report
from bluelamp.casework.reports.rules import ReportAnswers
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.notifications.models import Message
from tests.casework.scenes import AT, DAMAGE, ESI, REPORT_ANSWERS, make_scene_crime

pytestmark = pytest.mark.django_db
RunJobs = Callable[[], int]


def _submit(answers: ReportAnswers = REPORT_ANSWERS) -> str:
    return submit_report(actor=ESI, at=AT, report_id=new_id(), answers=answers).reference


def _templates(to: str) -> list[str]:
    messages = Message.objects.filter(to=to).order_by("id")
    return list(messages.values_list("template", flat=True))


def test_it_works(reference: None, joy: Actor, bilal: Actor, run_jobs: RunJobs) -> None:
    report = _submit()
    run_jobs()
    number = record_from_report(actor=joy, at=AT, reference=report, offence_code=DAMAGE).number
    run_jobs()
    assert bilal.id
    allocate_officer(actor=bilal, at=AT, number=number, officer_id=bilal.id)
    run_jobs()
    assert _templates(REPORT_ANSWERS.email) == ["report-received", "crime-recorded", "case-update"]
    entries = AuditEntry.objects.filter(act="victim.informed", ref=report)
    assert [entry.detail["sent"] for entry in entries] == [True, True, True]


def test_nobody_is_told_where_it_is_not_safe(reference: None, run_jobs: RunJobs) -> None:
    report = _submit(replace(REPORT_ANSWERS, is_safe_to_contact=False))
    run_jobs()
    assert not Message.objects.exists()
    entry = AuditEntry.objects.get(act="victim.informed", ref=report)
    assert entry.detail == {"template": "report-received", "sent": False}


def test_the_victim_of_a_crime_at_the_scene_is_told(
    reference: None, ada: Actor, run_jobs: RunJobs
) -> None:
    capture = make_scene_crime(number=None, lease_id=None, device_id=UUID(int=1))
    number = record_at_scene(actor=ada, at=AT, capture=capture, sha256="a" * 64).number
    run_jobs()
    message = Message.objects.get(template="crime-recorded")
    assert (message.to, message.reference) == ("07700 900456", number)
    assert AuditEntry.objects.get(act="victim.informed", ref=number).detail["sent"] is True
