"""Two people decide the same request at the same moment: it ends one way, and says which."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from pytest_django import Settings

from bluelamp.demo import cast
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.payments.models import Refund
from bluelamp.services.requests.commands import refuse_request, send_answer
from bluelamp.services.requests.models import Delivery, InformationRequest, RequestEntry
from tests.cast import signed_in
from tests.concurrency import run_concurrently
from tests.foundation.payments.paying import confirm_fee, connect_pay_service, pay
from tests.services.requests.making import (
    CLARES_LAW,
    COLLISION,
    SUBJECT_ACCESS,
    make,
    payment_of,
)
from tests.services.requests.test_answer_request import answer

pytestmark = pytest.mark.django_db(transaction=True)


def _try(run: Callable[[], object]) -> bool:
    """Run a command; say whether it was done."""
    try:
        run()
    except Refused:
        return False
    return True


def test_it_works(at: datetime) -> None:
    """One sends the answer while another refuses."""
    dev = signed_in(cast.DEV)
    reference = make(at, "DISCLOSURE_SCHEME", CLARES_LAW).reference
    done = run_concurrently(
        _try,
        [
            lambda: send_answer(actor=dev, at=at, reference=reference),
            lambda: refuse_request(actor=dev, at=at, reference=reference, reason="No grounds"),
        ],
    )
    assert sorted(done) == [False, True]
    request = InformationRequest.objects.get()
    assert request.state == ("delivered" if done[0] else "refused")
    assert RequestEntry.objects.filter(act__in=["sent", "refused"]).count() == 1


def test_two_refusals_ask_for_one_refund(
    at: datetime, settings: Settings, monkeypatch: pytest.MonkeyPatch, run_jobs: Callable[[], int]
) -> None:
    service = connect_pay_service(settings, monkeypatch)
    confirm_fee("COLLISION_REPORT", 17330, vat_percent=20)
    request = make(at, "COLLISION_REPORT", COLLISION)
    pay(payment_of(request), service)
    run_jobs()
    dev = signed_in(cast.DEV)

    def refuse(reason: str) -> None:
        refuse_request(actor=dev, at=at, reference=request.reference, reason=reason)

    done = run_concurrently(_try, [lambda: refuse("No report"), lambda: refuse("Not our road")])
    assert sorted(done) == [False, True]
    assert Refund.objects.get().amount_pence == 20796


def test_two_links_at_once_leave_one_open(at: datetime) -> None:
    dev: Actor = signed_in(cast.DEV)
    reference = make(at, "SUBJECT_ACCESS", SUBJECT_ACCESS).reference
    answer(dev, at, reference)
    secrets: list[Any] = run_concurrently(
        lambda _number: send_answer(actor=dev, at=at, reference=reference), range(2)
    )
    assert len(set(secrets)) == 2
    assert Delivery.objects.filter(ended_at=None).count() == 1
