"""Money that came though nothing was due: two people for its refund, as for any other."""

from dataclasses import replace

import pytest

from bluelamp.demo import cast
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.payments import gateway
from bluelamp.foundation.payments.commands import (
    approve_refund,
    decline_refund,
    follow_open_payments,
    record_offline_payment,
    waive_payment,
)
from bluelamp.foundation.payments.commands.actors import system_actor
from bluelamp.foundation.payments.commands.paying import record_card_payment
from bluelamp.foundation.payments.lookups import PaymentDetail, get_refund
from bluelamp.foundation.payments.models import PaymentAttempt, Refund
from tests.cast import signed_in
from tests.foundation.payments.paying import PayService, ask, start

pytestmark = pytest.mark.django_db


def lose_attempt(pay_service: PayService) -> PaymentDetail:
    """Begin a card payment whose answer is lost, and give it up."""
    payment = ask()
    pay_service.pay.faults.cut_after = 2
    with pytest.raises(gateway.Unavailable):
        start(payment, pay_service)
    pay_service.pay.faults.does_search_lag = True
    record = pay_service.only()
    record.created_at += pay_service.at - record.created_at
    pay_service.pay._lagging_since = record.created_at
    pay_service.wait(minutes=96)
    follow_open_payments(at=pay_service.at)
    return payment


def pay_given_up(pay_service: PayService) -> Refund:
    """Have GOV.UK Pay say that the given-up card payment was made; return the refund of it."""
    record = pay_service.only()
    record.status = "success"
    pay_service.pay.faults.does_search_lag = False
    record_card_payment(
        actor=system_actor("01"),
        at=pay_service.at,
        attempt_id=PaymentAttempt.objects.get().id,
        card=gateway.get_payment(record.payment_id),
    )
    return Refund.objects.get(is_surplus=True)


def refuse_decisions(actor: Actor, refund: Refund, pay_service: PayService) -> None:
    """Check that somebody can neither approve nor decline a refund."""
    with pytest.raises(Refused, match="other than the person"):
        approve_refund(actor=actor, at=pay_service.at, refund_id=refund.id)
    with pytest.raises(Refused, match="other than the person"):
        decline_refund(actor=actor, at=pay_service.at, refund_id=refund.id, note="x")


def test_it_works(pay_service: PayService, joy: Actor) -> None:
    """Whoever said that nothing was due does not approve the refund of what came then."""
    payment = lose_attempt(pay_service)
    waive_payment(
        actor=joy, at=pay_service.at, payment_id=payment.id, ground="other", note="Checked"
    )
    refund = pay_given_up(pay_service)
    refuse_decisions(joy, refund, pay_service)
    ike = signed_in(cast.IKE)
    other = replace(ike, permissions=ike.permissions | {"refund.approve"})
    assert approve_refund(actor=other, at=pay_service.at, refund_id=refund.id).state == "approved"


def test_whoever_took_the_cash(pay_service: PayService, joy: Actor) -> None:
    payment = lose_attempt(pay_service)
    ike = signed_in(cast.IKE)
    both = replace(ike, permissions=ike.permissions | joy.permissions)
    record_offline_payment(
        actor=both,
        at=pay_service.at,
        reference=payment.reference,
        method="cash",
        receipt_reference="T-1",
    )
    refund = pay_given_up(pay_service)
    refuse_decisions(both, refund, pay_service)
    detail = get_refund(actor=joy, at=pay_service.at, refund_id=refund.id)
    assert detail.barred_ids == {both.id}
    assert approve_refund(actor=joy, at=pay_service.at, refund_id=refund.id).state == "approved"
