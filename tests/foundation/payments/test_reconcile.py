"""The daily comparison: what differs is listed once, and what was only late is caught up with."""

from datetime import timedelta

import pytest

from bluelamp.demo import cast
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.foundation.payments.commands import (
    approve_refund,
    clear_difference,
    reconcile_day,
    request_reconciliation,
    request_refund,
    send_refund,
)
from bluelamp.foundation.payments.lookups import DifferencePage, list_differences
from tests.cast import signed_in
from tests.foundation.payments.ledger import balances
from tests.foundation.payments.paying import AT, PayService, ask, pay, start

pytestmark = pytest.mark.django_db
ON = AT.date()


def compare(service: PayService) -> DifferencePage:
    joy = signed_in(cast.JOY)
    reconcile_day(at=service.at, on=ON, force="01", ran_by="payments")
    return list_differences(actor=joy, at=service.at)


def kinds(page: DifferencePage) -> list[str]:
    return sorted(row.kind for row in page.rows)


def test_it_works(pay_service: PayService, joy: Actor) -> None:
    pay(ask(), pay_service)
    page = compare(pay_service)
    assert kinds(page) == []
    [run] = page.comparisons
    assert (run.our_count, run.our_pence) == (run.their_count, run.their_pence) == (1, 19400)


def test_what_nobody_told_us_is_booked(pay_service: PayService) -> None:
    pay_service.visit(start(ask(), pay_service))
    assert kinds(compare(pay_service)) == []
    assert balances() == {"card_clearing": 19400, "income": -19400}


def test_what_we_do_not_know(pay_service: PayService, joy: Actor) -> None:
    _status, created = pay_service.pay.create(
        {"amount": 500, "reference": "x", "description": "x", "return_url": "https://x.example"}, ""
    )
    page = compare(pay_service)
    assert kinds(page) == ["unknown_here"]
    assert (page.rows[0].provider_id, page.rows[0].their_pence) == (created["payment_id"], 500)
    assert kinds(compare(pay_service)) == ["unknown_here"]  # found again, listed once
    with pytest.raises(Refused):
        clear_difference(actor=joy, at=AT, difference_id=page.rows[0].id, note="")
    clear_difference(actor=joy, at=AT, difference_id=page.rows[0].id, note="A test from the tool")
    assert kinds(compare(pay_service)) == []
    [cleared] = list_differences(actor=joy, at=AT, is_cleared=True).rows
    assert (cleared.note, cleared.cleared_by) == ("A test from the tool", joy.name)


def test_what_they_do_not_know(pay_service: PayService) -> None:
    pay(ask(), pay_service)
    pay_service.pay.payments.clear()
    assert kinds(compare(pay_service)) == ["missing_there"]


def test_what_they_say_otherwise(pay_service: PayService) -> None:
    pay(ask(), pay_service)
    pay_service.only().status = "failed"
    assert kinds(compare(pay_service)) == ["paid_only_here"]
    pay_service.only().request["amount"] = 1
    assert "other_amount" in kinds(compare(pay_service))


def test_lists_that_lag_are_no_difference(pay_service: PayService) -> None:
    pay_service.pay.faults.does_search_lag = True
    pay_service.pay._lagging_since = AT
    pay(ask(), pay_service)
    assert kinds(compare(pay_service)) == []


def test_refunds(pay_service: PayService, joy: Actor) -> None:
    payment = pay(ask(), pay_service)
    ike = signed_in(cast.IKE)
    refund = request_refund(actor=ike, at=AT, payment_id=payment.id, reason="x", amount_pence=100)
    approve_refund(actor=joy, at=AT, refund_id=refund.id)
    send_refund(at=AT, refund_id=refund.id)
    assert kinds(compare(pay_service)) == []
    record = pay_service.only()
    record.refunds[0].amount = 200
    assert kinds(compare(pay_service)) == ["refund_other_amount"]
    record.refunds[0].amount = 100
    pay_service.pay.refund(record.payment_id, {"amount": 700, "refund_amount_available": 19300})
    assert "refund_unknown_here" in kinds(compare(pay_service))


def test_more_than_a_page(pay_service: PayService) -> None:
    body = {"amount": 1, "reference": "x", "description": "x", "return_url": "https://x.example"}
    for _ in range(501):
        pay_service.pay.create(dict(body), "")
    reconcile_day(at=AT, on=ON, force="01", ran_by="payments")
    assert list_differences(actor=signed_in(cast.JOY), at=AT).total == 501


def test_asked_for_by_staff(pay_service: PayService, joy: Actor, ada: Actor) -> None:
    request_reconciliation(actor=joy, at=AT, on=ON)
    with pytest.raises(Refused):
        request_reconciliation(actor=joy, at=AT, on=ON + timedelta(days=1))
    with pytest.raises(NotPermitted):
        request_reconciliation(actor=ada, at=AT, on=ON)
