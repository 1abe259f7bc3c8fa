"""How many one-time codes are sent where many are asked for at the same moment."""

from datetime import datetime

import pytest

from bluelamp.casework.reports.commands import submit_report
from bluelamp.casework.victims import commands as victims
from bluelamp.casework.victims.models import TrackingCode
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.notifications.models import OneTimeCode
from bluelamp.foundation.notifications.rules import MAX_CODES_PER_HOUR
from bluelamp.services.requests.commands.codes import send_code
from bluelamp.services.requests.commands.entries import system_actor
from tests.casework.scenes import AT, ESI, REPORT_ANSWERS
from tests.concurrency import run_concurrently
from tests.confirmed_addresses import confirm_everybody
from tests.services.requests.making import SUBJECT_ACCESS, make


@pytest.mark.django_db(transaction=True)
def test_it_works(at: datetime) -> None:
    reference = make(at, "SUBJECT_ACCESS", SUBJECT_ACCESS).reference
    confirm_everybody()
    run_concurrently(
        lambda _number: send_code(actor=system_actor("01"), at=at, reference=reference), range(12)
    )
    assert OneTimeCode.objects.count() == MAX_CODES_PER_HOUR


@pytest.mark.django_db(transaction=True)
def test_a_report_gets_no_more(reference: None) -> None:
    own = submit_report(actor=ESI, at=AT, report_id=new_id(), answers=REPORT_ANSWERS).reference
    confirm_everybody()
    run_concurrently(lambda _number: victims.send_code(actor=ESI, at=AT, reference=own), range(12))
    assert TrackingCode.objects.count() == MAX_CODES_PER_HOUR
