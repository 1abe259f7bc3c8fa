"""Nobody pays for a request that was refused; money that was on its way is asked back."""

from collections.abc import Callable
from datetime import datetime

import pytest
from pytest_django import Settings

from bluelamp.demo import cast
from bluelamp.foundation.payments.models import Payment, Refund
from bluelamp.services.requests.commands import refuse_request
from tests.cast import signed_in
from tests.foundation.payments.paying import (
    PayService,
    confirm_fee,
    connect_pay_service,
    refresh,
    start,
)
from tests.services.requests.making import COLLISION, make, payment_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def pay_service(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> PayService:
    """A stand-in, and a fee that can be charged."""
    service = connect_pay_service(settings, monkeypatch)
    confirm_fee("COLLISION_REPORT", 17330, vat_percent=20)
    return service


def test_it_works(at: datetime, pay_service: PayService) -> None:
    request = make(at, "COLLISION_REPORT", COLLISION)
    refuse_request(
        actor=signed_in(cast.DEV), at=at, reference=request.reference, reason="Not our road"
    )
    assert Payment.objects.get().state == "withdrawn"
    assert start(payment_of(request), pay_service) == ""


def test_money_that_was_on_its_way_is_asked_back_once(
    at: datetime, pay_service: PayService, run_jobs: Callable[[], int]
) -> None:
    request = make(at, "COLLISION_REPORT", COLLISION)
    next_url = start(payment_of(request), pay_service)
    refuse_request(
        actor=signed_in(cast.DEV), at=at, reference=request.reference, reason="Not our road"
    )
    pay_service.visit(next_url)
    refresh(payment_of(request), pay_service)
    run_jobs()
    payment = Payment.objects.get()
    assert payment.state == "paid"
    refund = Refund.objects.get()
    assert refund.amount_pence == payment.total_pence
    # For the refusal of one person, so another one approves it.
    assert refund.requested_by_id == signed_in(cast.DEV).id
