"""A service asks for a payment; it is withdrawn, waived or paid at the counter."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from bluelamp.demo import cast
from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, NotPermitted, Refused
from bluelamp.foundation.kernel.events.models import OutboxEvent
from bluelamp.foundation.payments.commands import (
    record_offline_payment,
    request_payment,
    waive_payment,
    withdraw_payment,
)
from bluelamp.foundation.payments.links import make_token, read_token
from bluelamp.foundation.payments.lookups import get_payment, get_payment_by_token
from bluelamp.foundation.payments.models import LedgerEntry, LedgerTransaction, Payment
from bluelamp.foundation.payments.rules import Charge
from tests.cast import signed_in
from tests.direct_writes import direct_writes
from tests.foundation.payments.ledger import balances, transaction_kinds
from tests.foundation.payments.paying import AT, PayService, ask, confirm_fee, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def ike() -> Actor:
    """Ike, who takes payments."""
    return signed_in(cast.IKE)


def events() -> list[str]:
    """Return the events of payments in their order. That a fee was set is none of them."""
    rows = OutboxEvent.objects.filter(name__startswith="payments.")
    return list(rows.exclude(name="payments.fee_set.v1").values_list("name", flat=True))


def test_it_works() -> None:
    confirm_fee("COLLISION_REPORT", 17330, vat_percent=20)
    confirm_fee("COLLISION_EXTRA_PAGE", 550, vat_percent=20)
    payment = ask(Charge("COLLISION_REPORT"), Charge("COLLISION_EXTRA_PAGE", quantity=3))
    assert (payment.net_pence, payment.vat_pence, payment.total_pence) == (18980, 3796, 22776)
    assert [(line.fee_code, line.quantity, line.net_pence) for line in payment.lines] == [
        ("COLLISION_REPORT", 1, 17330),
        ("COLLISION_EXTRA_PAGE", 3, 1650),
    ]
    assert (payment.state, payment.is_settled, payment.method) == ("due", False, "")
    assert payment.reference.startswith("PAY-")
    assert get_payment_by_token(actor=public_actor(), at=AT, token=payment.token) == payment


def test_asked_again_it_is_the_same_payment() -> None:
    thing = uuid4()
    first = ask(payable_id=thing)
    confirm_fee("SGC_GRANT", 99900)
    assert ask(payable_id=thing) == first
    assert ask(payable_id=thing, occasion="second").id != first.id
    assert Payment.objects.count() == 2


def test_what_costs_nothing_is_settled() -> None:
    confirm_fee("SGC_GRANT", 0)
    payment = ask(Charge("SGC_GRANT"))
    assert (payment.state, payment.is_settled, payment.total_pence) == ("not_due", True, 0)
    assert balances() == {}


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_the_way_back_stays_on_this_site(path: str) -> None:
    with pytest.raises(ValueError, match="not a path"):
        request_payment(
            actor=public_actor(), at=AT, payable_kind="x", payable_id=uuid4(),
            payable_reference="x", occasion="x", charges=[Charge("SGC_GRANT")],
            description="x", return_path=path,
        )  # fmt: skip


@pytest.mark.parametrize("quantity", [0, -1, 1000])
def test_quantities_have_limits(quantity: int) -> None:
    confirm_fee("SGC_GRANT", 100)
    with pytest.raises(Refused):
        ask(Charge("SGC_GRANT", quantity=quantity))


def test_more_than_one_payment_can_take_is_refused() -> None:
    confirm_fee("SGC_GRANT", 10_000_000)
    assert ask(Charge("SGC_GRANT")).total_pence == 10_000_000
    with pytest.raises(Refused, match="more than can be paid"):
        ask(Charge("SGC_GRANT", quantity=2))


def test_links_cannot_be_guessed() -> None:
    payment = ask()
    assert read_token(payment.token) == payment.id
    other = make_token(uuid4())
    for wrong in (
        "", "x", str(payment.id), payment.token[:-1], payment.token + "A", "A" * 43,
        payment.token[:22] + other[22:], "é" * 43, payment.token.swapcase(),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            read_token(wrong)
    with pytest.raises(NotFound):
        get_payment_by_token(actor=public_actor(), at=AT, token=other)


def test_cash(ike: Actor, run_jobs: Callable[[], int]) -> None:
    payment = ask()
    paid = record_offline_payment(
        actor=ike, at=AT, reference=payment.reference, method="cash", receipt_reference="T-17"
    )
    assert (paid.state, paid.is_settled, paid.method) == ("paid", True, "cash")
    assert (paid.paid_at, paid.offline_reference) == (AT, "T-17")
    assert balances() == {"cash": 19400, "income": -19400}
    assert events() == ["payments.paid.v1"]
    with pytest.raises(Refused, match="not due"):
        record_offline_payment(
            actor=ike, at=AT, reference=payment.reference, method="cash", receipt_reference="T-18"
        )
    assert transaction_kinds() == ["paid"]
    detail = get_payment(actor=ike, at=AT, reference=payment.reference)
    assert [entry.amount_pence for entry in detail.entries] == [19400, -19400]


@pytest.mark.parametrize(
    ("method", "receipt", "field"),
    [("", "T", "method"), ("online", "T", "method"), ("cash", " ", "receipt_reference"),
     ("cash", "x" * 61, "receipt_reference")],
)  # fmt: skip
def test_what_staff_must_say(ike: Actor, method: str, receipt: str, field: str) -> None:
    payment = ask()
    with pytest.raises(Refused) as refused:
        record_offline_payment(
            actor=ike, at=AT, reference=payment.reference, method=method, receipt_reference=receipt
        )
    assert refused.value.field == field
    assert balances() == {}


def test_nobody_takes_cash_while_a_card_is_used(ike: Actor, pay_service: PayService) -> None:
    payment = ask()
    start(payment, pay_service)
    with pytest.raises(Refused, match="by card at the moment"):
        record_offline_payment(
            actor=ike, at=AT, reference=payment.reference, method="cash", receipt_reference="T"
        )
    with pytest.raises(Refused, match="by card at the moment"):
        withdraw_payment(actor=public_actor(), at=AT, payment_id=payment.id)


def test_withdrawn(ike: Actor) -> None:
    payment = ask()
    gone = withdraw_payment(actor=public_actor(), at=AT, payment_id=payment.id)
    assert (gone.state, gone.is_settled, gone.closed_at) == ("withdrawn", False, AT)
    later = AT + timedelta(days=1)
    again = withdraw_payment(actor=public_actor(), at=later, payment_id=payment.id)
    assert again.closed_at == AT
    with pytest.raises(NotFound):
        withdraw_payment(actor=public_actor(force="42"), at=AT, payment_id=payment.id)


def test_waived(joy: Actor) -> None:
    payment = ask()
    for ground, note in (("", "x"), ("elephant", "x"), ("bereaved_family", " ")):
        with pytest.raises(Refused):
            waive_payment(actor=joy, at=AT, payment_id=payment.id, ground=ground, note=note)
    waived = waive_payment(
        actor=joy, at=AT, payment_id=payment.id, ground="bereaved_family", note="Saw the letter"
    )
    assert (waived.state, waived.is_settled, waived.closed_by) == ("waived", True, joy.name)
    assert balances() == {}
    assert OutboxEvent.objects.get(name="payments.paid.v1").payload["method"] == "waived"
    with pytest.raises(Refused, match="not due"):
        waive_payment(actor=joy, at=AT, payment_id=payment.id, ground="other", note="Again")


def test_others_see_and_do_nothing(ike: Actor, femi: Actor) -> None:
    payment = ask()
    other = replace(ike, force="42")
    with pytest.raises(NotFound):
        get_payment(actor=other, at=AT, reference=payment.reference)
    with pytest.raises(NotFound):
        record_offline_payment(
            actor=other, at=AT, reference=payment.reference, method="cash", receipt_reference="T"
        )
    with pytest.raises(NotPermitted):
        get_payment(actor=femi, at=AT, reference=payment.reference)
    with pytest.raises(NotPermitted):
        waive_payment(actor=ike, at=AT, payment_id=payment.id, ground="other", note="x")
    assert AuditEntry.objects.filter(act="payment.viewed", result="not found").exists()


@pytest.mark.parametrize("amounts", [[], [100], [100, -99]])
def test_the_database_refuses_what_does_not_balance(amounts: list[int]) -> None:
    payment = Payment.objects.get(id=ask().id)
    with direct_writes():
        booking = LedgerTransaction.objects.create(
            force="01", at=AT, kind="surplus", payment=payment
        )
        for amount in amounts:
            LedgerEntry.objects.create(transaction=booking, account="income", amount_pence=amount)
    with pytest.raises(DatabaseError, match="ledger: transaction"):
        balances()


def test_the_database_refuses_a_payment_that_only_says_it_is_paid() -> None:
    payment = ask()
    with direct_writes():
        Payment.objects.filter(id=payment.id).update(state="paid", method="online", paid_at=AT)
    with pytest.raises(DatabaseError, match="is paid"):
        balances()


def test_the_ledger_only_grows(ike: Actor) -> None:
    payment = ask()
    record_offline_payment(
        actor=ike, at=AT, reference=payment.reference, method="cheque", receipt_reference="100234"
    )
    balances()  # what waits for the commit is checked, so that TRUNCATE is not refused for that
    for statement in (
        "UPDATE payments_ledgerentry SET amount_pence = 1",
        "DELETE FROM payments_ledgerentry",
        "DELETE FROM payments_ledgertransaction",
        "UPDATE payments_ledgertransaction SET kind = 'refunded'",
        "TRUNCATE payments_ledgerentry CASCADE",
    ):
        with (
            pytest.raises(DatabaseError, match="append-only"),
            direct_writes(),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert LedgerTransaction.objects.get().written_at is not None
