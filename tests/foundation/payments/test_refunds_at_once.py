"""Two people ask for or decide refunds at the same moment: no penny goes back twice."""

import pytest
from pytest_django import Settings

from bluelamp.demo import cast
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.payments.commands import approve_refund, request_refund, send_refund
from bluelamp.foundation.payments.lookups import PaymentDetail
from bluelamp.foundation.payments.models import Refund
from tests.cast import signed_in
from tests.concurrency import run_concurrently
from tests.foundation.payments.ledger import balances
from tests.foundation.payments.paying import AT, PayService, ask, connect_pay_service, pay

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def service(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> PayService:
    """A stand-in for GOV.UK Pay."""
    return connect_pay_service(settings, monkeypatch)


def request_both(payment: PaymentDetail, pence: int) -> list[bool]:
    """Have two people ask for an amount at once; return who was let."""
    ike = signed_in(cast.IKE)

    def ask_back(_number: int) -> bool:
        try:
            request_refund(
                actor=ike, at=AT, payment_id=payment.id, reason="Refused", amount_pence=pence
            )
        except Refused:
            return False
        return True

    return run_concurrently(ask_back, range(2))


def approve_all(refunds: list[Refund]) -> list[bool]:
    """Approve refunds at once; return which were approved."""
    joy = signed_in(cast.JOY)

    def approve(refund: Refund) -> bool:
        try:
            approve_refund(actor=joy, at=AT, refund_id=refund.id)
        except (Refused, Conflict):
            return False
        return True

    return run_concurrently(approve, refunds)


def test_it_works(service: PayService) -> None:
    payment = pay(ask(), service)
    assert sorted(request_both(payment, 10000)) == [False, True]
    refund = Refund.objects.get()
    assert sorted(approve_all([refund, refund])) == [False, True]
    assert balances() == {"card_clearing": 19400, "income": -9400, "owed_to_payers": -10000}


def test_two_parts(service: PayService) -> None:
    """GOV.UK Pay refuses a refund whose available amount has changed: one waits for the other."""
    payment = pay(ask(), service)
    assert request_both(payment, 9700) == [True, True]
    approved = approve_all(list(Refund.objects.order_by("id")))
    assert sorted(approved) == [False, True]


def test_sent_by_two_workers(service: PayService) -> None:
    payment = pay(ask(), service)
    request_both(payment, 19400)
    refund = Refund.objects.get()
    approve_all([refund])
    run_concurrently(lambda _number: send_refund(at=AT, refund_id=refund.id), range(2))
    assert service.only().refunded == 19400
    assert balances() == {}
