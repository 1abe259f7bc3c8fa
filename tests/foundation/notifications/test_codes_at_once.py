"""How many one-time codes are sent where many are asked for at the same moment."""

from datetime import datetime

import pytest

from bluelamp.foundation.notifications.models import OneTimeCode
from bluelamp.foundation.notifications.one_time_codes import MAX_CODES_PER_HOUR
from bluelamp.services.requests.commands.codes import send_code
from bluelamp.services.requests.commands.entries import system_actor
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
