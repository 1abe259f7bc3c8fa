"""Refunds: two people, GOV.UK Pay or staff, whole or in part, and lost answers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bluelamp.demo import cast
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from bluelamp.foundation.kernel.events.models import OutboxEvent
from bluelamp.foundation.payments import gateway
from bluelamp.foundation.payments.commands import (
    approve_refund,
    decline_refund,
    follow_open_payments,
    following,
    record_offline_payment,
    record_repayment,
    request_refund,
    send_refund,
)
from bluelamp.foundation.payments.commands.actors import system_actor
from bluelamp.foundation.payments.commands.sending_refunds import begin_sending
from bluelamp.foundation.payments.lookups import PaymentDetail, RefundDetail, list_differences
from bluelamp.foundation.payments.models import Refund
from bluelamp.foundation.payments.rules import Charge
from tests.cast import signed_in
from tests.foundation.payments.ledger import balances
from tests.foundation.payments.paying import AT, PayService, ask, confirm_fee, pay

pytestmark = pytest.mark.django_db


@pytest.fixture
def ike() -> Actor:
    """Ike, who asks for refunds."""
    return signed_in(cast.IKE)


def request(payment: PaymentDetail, ike: Actor, amount_pence: int | None = None) -> RefundDetail:
    return request_refund(
        actor=ike, at=AT, payment_id=payment.id, reason="Refused", amount_pence=amount_pence
    )


def send(refund: RefundDetail) -> str:
    send_refund(at=AT, refund_id=refund.id)
    return Refund.objects.get(id=refund.id).state


def test_it_works(
    pay_service: PayService, ike: Actor, joy: Actor, run_jobs: Callable[[], int]
) -> None:
    payment = pay(ask(), pay_service)
    refund = request(payment, ike)
    assert (refund.state, refund.amount_pence, refund.is_to_card) == ("requested", 19400, True)
    assert balances() == {"card_clearing": 19400, "income": -19400}
    approve_refund(actor=joy, at=AT, refund_id=refund.id)
    assert balances() == {"card_clearing": 19400, "owed_to_payers": -19400}
    run_jobs()
    assert balances() == {}
    assert pay_service.only().refunded == 19400
    [event] = OutboxEvent.objects.filter(name="payments.refunded.v1")
    assert (event.payload["amount_pence"], event.payload["is_whole"]) == (19400, True)


def test_nobody_approves_their_own(pay_service: PayService, ike: Actor, joy: Actor) -> None:
    payment = pay(ask(), pay_service)
    both = replace(joy, permissions=joy.permissions | ike.permissions)
    refund = request(payment, both)
    with pytest.raises(Refused, match="other than the person"):
        approve_refund(actor=both, at=AT, refund_id=refund.id)
    with pytest.raises(Refused, match="other than the person"):
        decline_refund(actor=both, at=AT, refund_id=refund.id, note="x")
    with pytest.raises(NotPermitted):
        approve_refund(actor=ike, at=AT, refund_id=refund.id)
    with pytest.raises(NotFound):
        approve_refund(actor=replace(joy, force="42"), at=AT, refund_id=refund.id)


def test_a_part_of_the_program_asks(pay_service: PayService, joy: Actor) -> None:
    payment = pay(ask(), pay_service)
    firearms = Actor.system("firearms", force="01", permissions={"refund.request"})
    refund = request(payment, firearms)
    assert (refund.requested_by, refund.requested_by_id) == ("firearms", None)
    assert approve_refund(actor=joy, at=AT, refund_id=refund.id).state == "approved"


def test_in_parts_with_vat(pay_service: PayService, ike: Actor, joy: Actor) -> None:
    confirm_fee("COLLISION_REPORT", 17330, vat_percent=20)
    payment = pay(ask(Charge("COLLISION_REPORT")), pay_service)
    for amount in (1, 6000, 14795):
        refund = request(payment, ike, amount)
        approve_refund(actor=joy, at=AT, refund_id=refund.id)
        assert send(refund) == "done"
    assert balances() == {}
    with pytest.raises(Refused, match="has been refunded"):
        request(payment, ike)


def test_limits(pay_service: PayService, ike: Actor) -> None:
    due = ask()
    with pytest.raises(Refused, match="not been paid"):
        request(due, ike)
    payment = pay(due, pay_service)
    for amount in (0, -1, 19401):
        with pytest.raises(Refused, match="between 1p"):
            request(payment, ike, amount)
    request(payment, ike, 10000)
    with pytest.raises(Refused, match=r"£94\.00"):
        request(payment, ike, 9401)
    with pytest.raises(Refused):
        request_refund(actor=ike, at=AT, payment_id=payment.id, reason=" ")


def test_declined(pay_service: PayService, ike: Actor, joy: Actor) -> None:
    payment = pay(ask(), pay_service)
    refund = request(payment, ike)
    with pytest.raises(Refused):
        decline_refund(actor=joy, at=AT, refund_id=refund.id, note="")
    declined = decline_refund(actor=joy, at=AT, refund_id=refund.id, note="Paid to the wrong force")
    assert (declined.state, declined.decided_by) == ("declined", joy.name)
    with pytest.raises(Conflict):
        approve_refund(actor=joy, at=AT, refund_id=refund.id)
    assert request(payment, ike).amount_pence == 19400


@pytest.mark.parametrize("fault", ["fail_after", "cut_after"])
def test_a_lost_answer_refunds_once(
    pay_service: PayService, ike: Actor, joy: Actor, fault: str
) -> None:
    payment = pay(ask(), pay_service)
    refund = request(payment, ike, 5000)
    approve_refund(actor=joy, at=AT, refund_id=refund.id)
    setattr(pay_service.pay.faults, fault, 0)
    gateway_read = gateway.get_payment(pay_service.only().payment_id)
    assert gateway_read.refund_available_pence == 19400
    # The read before it must succeed, and only the refund itself be lost.
    begin_sending(actor=system_actor("01"), at=AT, refund_id=refund.id, available_pence=19400)
    setattr(pay_service.pay.faults, fault, 1)
    with pytest.raises(gateway.Unavailable):
        send(refund)
    assert pay_service.only().refunded == 5000
    assert send(refund) == "done"
    assert pay_service.only().refunded == 5000
    assert balances() == {"card_clearing": 14400, "income": -14400}


def test_a_lost_answer_while_lists_lag(pay_service: PayService, ike: Actor, joy: Actor) -> None:
    payment = pay(ask(), pay_service)
    refund = request(payment, ike, 5000)
    approve_refund(actor=joy, at=AT, refund_id=refund.id)
    begin_sending(actor=system_actor("01"), at=AT, refund_id=refund.id, available_pence=19400)
    pay_service.pay.faults.cut_after = 1
    with pytest.raises(gateway.Unavailable):
        send(refund)
    pay_service.pay.faults.does_search_lag = True
    for _ in range(3):
        with pytest.raises(gateway.Unavailable):
            send(refund)
    assert pay_service.only().refunded == 5000
    pay_service.pay.faults.does_search_lag = False
    assert send(refund) == "done"


def test_submitted_then_done(pay_service: PayService, ike: Actor, joy: Actor) -> None:
    payment = pay(ask(), pay_service)
    refund = request(payment, ike)
    approve_refund(actor=joy, at=AT, refund_id=refund.id)
    pay_service.pay.faults.refund_status = "submitted"
    assert send(refund) == "sent"
    assert balances() == {"card_clearing": 19400, "owed_to_payers": -19400}
    record = pay_service.only()
    pay_service.pay.finish_refund(record.payment_id, record.refunds[0].refund_id, "success")
    follow_open_payments(at=pay_service.at)
    assert Refund.objects.get().state == "done"
    assert balances() == {}


def test_a_card_that_cannot_be_refunded(pay_service: PayService, ike: Actor, joy: Actor) -> None:
    payment = pay(ask(), pay_service)
    refund = request(payment, ike)
    approve_refund(actor=joy, at=AT, refund_id=refund.id)
    pay_service.pay.faults.refund_status = "error"
    assert send(refund) == "failed"
    assert balances() == {"card_clearing": 19400, "owed_to_payers": -19400}
    [difference] = list_differences(actor=joy, at=AT).rows
    assert difference.kind == "refund_failed"
    with pytest.raises(Refused):
        record_repayment(actor=ike, at=AT, refund_id=refund.id, repaid_reference=" ")
    record_repayment(actor=ike, at=AT, refund_id=refund.id, repaid_reference="BACS 17")
    assert balances() == {"card_clearing": 19400, "bank": -19400}
    with pytest.raises(Conflict):
        record_repayment(actor=ike, at=AT, refund_id=refund.id, repaid_reference="BACS 18")


def test_cash_goes_back_by_hand(ike: Actor, joy: Actor) -> None:
    payment = ask()
    record_offline_payment(
        actor=ike, at=AT, reference=payment.reference, method="cash", receipt_reference="T-1"
    )
    refund = request(payment, ike)
    assert not refund.is_to_card
    with pytest.raises(Conflict):
        record_repayment(actor=ike, at=AT, refund_id=refund.id, repaid_reference="T-2")
    approve_refund(actor=joy, at=AT, refund_id=refund.id)
    record_repayment(actor=ike, at=AT, refund_id=refund.id, repaid_reference="T-2")
    assert balances() == {}


def test_one_at_a_time(pay_service: PayService, ike: Actor, joy: Actor) -> None:
    payment = pay(ask(), pay_service)
    first, second = request(payment, ike, 100), request(payment, ike, 200)
    approve_refund(actor=joy, at=AT, refund_id=first.id)
    with pytest.raises(Refused, match="on its way"):
        approve_refund(actor=joy, at=AT, refund_id=second.id)
    assert send(first) == "done"
    approve_refund(actor=joy, at=AT, refund_id=second.id)
    assert send(second) == "done"
    assert pay_service.only().refunded == 300


def test_one_that_pay_does_not_know_keeps_no_other_waiting(
    pay_service: PayService, ike: Actor, joy: Actor
) -> None:
    """As after a change of the key: the sweep goes on with the next."""
    refunds = [request(pay(ask(), pay_service), ike) for _ in range(2)]
    for minutes, refund in enumerate(refunds):
        approve_refund(actor=joy, at=AT + timedelta(minutes=minutes), refund_id=refund.id)
    unknown, known = (Refund.objects.get(id=refund.id) for refund in refunds)
    del pay_service.pay.payments[unknown.attempt_provider_id]
    follow_open_payments(at=AT)
    known.refresh_from_db()
    assert known.state == "done"


def test_more_stuck_refunds_than_a_sweep_takes_keep_no_other_waiting(
    pay_service: PayService, ike: Actor, joy: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sweep tries first what it has not tried for longest."""
    monkeypatch.setattr(following, "_MOST_AT_ONCE", 2)
    refunds = [request(pay(ask(), pay_service), ike) for _ in range(4)]
    for minutes, refund in enumerate(refunds):
        approve_refund(actor=joy, at=AT + timedelta(minutes=minutes), refund_id=refund.id)
    *stuck, last = (Refund.objects.get(id=refund.id) for refund in refunds)
    for row in stuck:
        del pay_service.pay.payments[row.attempt_provider_id]
    for _run in range(2):
        pay_service.wait(minutes=10)
        follow_open_payments(at=pay_service.at)
    last.refresh_from_db()
    assert last.state == "done"


def test_a_refund_whose_sum_changed_does_not_end_the_sweep(
    pay_service: PayService, ike: Actor, joy: Actor
) -> None:
    first, second = (request(pay(ask(), pay_service), ike) for _ in range(2))
    for refund in (first, second):
        approve_refund(actor=joy, at=AT, refund_id=refund.id)
    begin_sending(actor=system_actor("01"), at=AT, refund_id=first.id, available_pence=1)
    follow_open_payments(at=AT)
    assert Refund.objects.get(id=second.id).state == "done"
