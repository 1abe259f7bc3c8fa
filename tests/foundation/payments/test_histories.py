"""Random histories of payments: payers, tabs, staff, faults, lost processes, in any order.

Each history ends with everything working and time passing. Then nothing may be lost, taken twice or
out of balance. BLUELAMP_PAYMENT_HISTORIES says how many are tried: 150 by default, 10000 in the
long mode.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from bluelamp.demo import cast
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.payments import gateway
from bluelamp.foundation.payments.commands import (
    approve_refund,
    cancel_payment,
    follow_open_payments,
    process_webhook,
    receive_webhook,
    reconcile_day,
    record_offline_payment,
    request_refund,
)
from bluelamp.foundation.payments.commands.actors import system_actor
from bluelamp.foundation.payments.lookups import PaymentDetail
from bluelamp.foundation.payments.models import (
    LedgerTransaction,
    Payment,
    PaymentAttempt,
    Refund,
    WebhookMessage,
)
from bluelamp.foundation.payments.rules import Charge
from sandbox.pay.records import PaymentRecord
from tests.cast import signed_in
from tests.foundation.payments.ledger import balances
from tests.foundation.payments.paying import (
    DECLINED_CARD,
    ERROR_CARD,
    GOOD_CARD,
    PayService,
    ask,
    connect_pay_service,
    refresh,
    start,
)

COUNT = int(os.environ.get("BLUELAMP_PAYMENT_HISTORIES", "150"))
TOTAL = 19400
pytestmark = [pytest.mark.django_db, pytest.mark.timeout(120 + COUNT)]

STEPS = st.one_of(
    st.tuples(st.just("press"), st.just(0)),
    st.tuples(st.just("pay"), st.sampled_from([GOOD_CARD, GOOD_CARD, DECLINED_CARD, ERROR_CARD])),
    st.tuples(st.just("leave_unconfirmed"), st.just(0)),
    st.tuples(st.just("cancel_there"), st.just(0)),
    st.tuples(st.just("come_back"), st.just(0)),
    st.tuples(st.just("deliver"), st.sampled_from(["forwards", "backwards", "twice", "lose"])),
    st.tuples(st.just("sweep"), st.just(0)),
    st.tuples(st.just("wait"), st.sampled_from([1, 6, 40, 91])),
    st.tuples(st.just("staff_cancel"), st.just(0)),
    st.tuples(st.just("staff_cash"), st.just(0)),
    st.tuples(st.just("refund"), st.sampled_from([1, 9700, TOTAL])),
    st.tuples(st.just("reconcile"), st.just(0)),
    st.tuples(
        st.just("fault"), st.sampled_from(["fail_before", "fail_after", "cut_after", "too_many"])
    ),
    st.tuples(st.just("down"), st.booleans()),
    st.tuples(st.just("lag"), st.booleans()),
    st.tuples(st.just("refunds_become"), st.sampled_from(["success", "submitted", "error"])),
)
# Each step may be cut short at one of its writes, as when the process is killed there.
HISTORIES = st.lists(
    st.tuples(STEPS, st.one_of(st.none(), st.none(), st.none(), st.integers(1, 14))),
    min_size=2,
    max_size=14,
)
tried = 0


class Killed(BaseException):
    """The process ended here: its open transaction is rolled back, and nothing after it runs."""


@contextmanager
def killed_at(write: int | None) -> Iterator[None]:
    """End the block at its so-manieth write to the database."""
    left = write or 0

    def count_writes(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        if str(sql).lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            left -= 1
            if left == 0:
                raise Killed
        return execute(sql, params, many, context)

    if write is None:
        yield
        return
    with connection.execute_wrapper(count_writes):
        try:
            yield
        except Killed:
            pass


class History:
    """One payment, its payer, the staff, and GOV.UK Pay."""

    def __init__(self, service: PayService, ike: Actor, joy: Actor, payment: PaymentDetail) -> None:
        self.service, self.ike, self.joy, self.payment = service, ike, joy, payment
        self.links: list[str] = []

    def take_step(self, name: str, value: Any) -> None:
        """Take one step. What is refused, or cannot be reached, is a step too."""
        try:
            getattr(self, f"do_{name}")(value)
        except (gateway.Unavailable, gateway.ProviderRefused, Refused, Conflict):
            pass

    def do_press(self, _value: Any) -> None:
        if link := start(self.payment, self.service):
            self.links.append(link)

    def _open(self) -> PaymentRecord | None:
        if not self.links:
            return None
        return self.service.pay.open_page(self.links.pop().rpartition("/")[2])

    def do_pay(self, card: str) -> None:
        if record := self._open():
            self.service.pay_with(record, card)

    def do_leave_unconfirmed(self, _value: Any) -> None:
        if record := self._open():
            self.service.pay_with(record, GOOD_CARD, confirms=False)

    def do_cancel_there(self, _value: Any) -> None:
        if record := self._open():
            self.service.pay.end(record, "failed", "P0030", "Cancelled")

    def do_come_back(self, _value: Any) -> None:
        refresh(self.payment, self.service)

    def do_deliver(self, how: str) -> None:
        waiting = self.service.pay.webhooks.waiting
        messages = list(waiting)
        waiting.clear()
        if how == "lose":
            return
        messages = messages[::-1] if how == "backwards" else messages
        for message in messages * (2 if how == "twice" else 1):
            receive_webhook(
                actor=system_actor("01"), at=self.service.at,
                body=message.body, signature=message.signature,
            )  # fmt: skip
        for message_id in WebhookMessage.objects.values_list("id", flat=True):
            process_webhook(at=self.service.at, message_id=message_id)

    def do_sweep(self, _value: Any) -> None:
        follow_open_payments(at=self.service.at)

    def do_wait(self, minutes: int) -> None:
        self.service.wait(minutes=minutes)

    def do_staff_cancel(self, _value: Any) -> None:
        cancel_payment(actor=self.ike, at=self.service.at, reference=self.payment.reference)

    def do_staff_cash(self, _value: Any) -> None:
        record_offline_payment(
            actor=self.ike, at=self.service.at, reference=self.payment.reference,
            method="cash", receipt_reference="T-1",
        )  # fmt: skip

    def do_refund(self, amount: int) -> None:
        refund = request_refund(
            actor=self.ike, at=self.service.at, payment_id=self.payment.id, reason="x",
            amount_pence=amount,
        )  # fmt: skip
        approve_refund(actor=self.joy, at=self.service.at, refund_id=refund.id)

    def do_reconcile(self, _value: Any) -> None:
        reconcile_day(at=self.service.at, on=self.service.at.date(), force="01", ran_by="x")

    def do_fault(self, name: str) -> None:
        setattr(self.service.pay.faults, name, 1)

    def do_down(self, value: bool) -> None:
        self.service.pay.faults.is_down = value

    def do_lag(self, value: bool) -> None:
        self.service.pay.faults.does_search_lag = value

    def do_refunds_become(self, status: str) -> None:
        self.service.pay.faults.refund_status = status

    def check_always(self) -> None:
        """Check what must hold at every moment."""
        payment = Payment.objects.get(id=self.payment.id)
        taken_there = [r for r in self.service.pay.payments.values() if r.status == "success"]
        assert len(taken_there) <= 1, "taken twice"
        if payment.state == "paid":
            assert taken_there or payment.method == "cash", "shown as paid, and nobody said so"
        balances()

    def end_well(self) -> None:
        """Let everything work again and time pass; then check that nothing is missing."""
        faults = self.service.pay.faults
        faults.is_down = faults.does_search_lag = False
        faults.fail_before = faults.fail_after = faults.cut_after = faults.too_many = 0
        faults.refund_status = "success"
        for _ in range(3):
            self.service.wait(minutes=96)
            for record in self.service.pay.payments.values():
                for refund in record.refunds:
                    if refund.status == "submitted":
                        self.service.pay.finish_refund(
                            record.payment_id, refund.refund_id, "success"
                        )
            self.do_sweep(0)
        self.check_always()
        self.check_nothing_is_missing()

    def check_nothing_is_missing(self) -> None:
        """Compare our books with what GOV.UK Pay took and gave back."""
        payment = Payment.objects.get(id=self.payment.id)
        records = list(self.service.pay.payments.values())
        taken_there = sum(record.amount for record in records if record.status == "success")
        cash = TOTAL if payment.method == "cash" else 0
        assert (payment.state == "paid") == (taken_there + cash > 0), "lost"
        assert not PaymentAttempt.objects.filter(
            payment_id=payment.id, finished_at__isnull=True
        ).exists()
        booked = LedgerTransaction.objects.filter(
            payment_id=payment.id, kind__in=["paid", "surplus"]
        )
        assert booked.count() == len([r for r in records if r.status == "success"]) + bool(cash)
        done = Refund.objects.filter(payment_id=payment.id, state="done", repaid_reference="")
        given_back = sum(record.refunded for record in records)
        assert sum(done.values_list("amount_pence", flat=True)) == given_back, "refunds differ"
        assert balances().get("card_clearing", 0) == taken_there - given_back


@pytest.fixture
def people() -> tuple[Actor, Actor]:
    """Ike, who takes payments and asks for refunds, and Joy, who approves them."""
    return signed_in(cast.IKE), signed_in(cast.JOY)


def test_it_works(
    people: tuple[Actor, Actor], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    global tried
    tried = 0
    ask()  # the fees are set once

    @_many_histories
    @given(HISTORIES)
    def run(steps: list[tuple[tuple[str, Any], int | None]]) -> None:
        global tried
        tried += 1
        with _rolled_back():
            service = connect_pay_service(settings, monkeypatch)
            history = History(service, *people, _ask_again())
            for (name, value), killed_write in steps:
                with killed_at(killed_write):
                    history.take_step(name, value)
                history.check_always()
            history.end_well()
            assert service.pay.violations == []

    run()
    print(f"{tried} histories of payments")
    assert tried >= COUNT


_many_histories = hypothesis_settings(
    max_examples=COUNT,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@contextmanager
def _rolled_back() -> Iterator[None]:
    class _Done(Exception):
        pass

    try:
        with transaction.atomic():
            yield
            raise _Done
    except _Done:
        pass


def _ask_again() -> PaymentDetail:
    return ask(Charge("SGC_GRANT"))
