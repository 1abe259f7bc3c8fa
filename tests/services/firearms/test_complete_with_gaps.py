"""Whoever says that an application is complete says why, where something is missing by our list."""

import pytest

from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.services.firearms import commands
from bluelamp.services.firearms.rules.applications import ApplicationInput
from tests.services.firearms.licensing import ANSWERS, AT, GRACE, get, ike

pytestmark = pytest.mark.django_db


def receive(kind: str = "grant") -> str:
    """Return the reference of an application without referees, report or photo."""
    return commands.receive_application(
        actor=ike(),
        at=AT,
        application=ApplicationInput(
            kind=kind,
            certificates="shotgun",
            applicant=GRACE,
            question_set="form-201",
            question_set_version=1,
            answers=ANSWERS,
        ),
    )


def test_it_works() -> None:
    reference = receive()
    with pytest.raises(Refused) as refused:
        commands.mark_complete(actor=ike(), at=AT, reference=reference, reason="  ")
    assert set(refused.value.errors) == {"complete_reason"}
    reason = "The doctor’s report and both references came by post"
    commands.mark_complete(actor=ike(), at=AT, reference=reference, reason=reason)
    application = get(reference)
    assert application.stage == "complete"
    assert application.stages.get(stage="complete").note == reason
    entry = AuditEntry.objects.get(act="firearms.complete")
    assert entry.detail == {"missing": ["referees", "medical-report", "photo"]}


def test_without_gaps_no_reason_is_asked() -> None:
    reference = receive("replacement")
    commands.mark_complete(actor=ike(), at=AT, reference=reference)
    assert get(reference).stage == "complete"
