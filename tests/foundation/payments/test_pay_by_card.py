"""Pay by card: the ways a payment goes, and what can go wrong with GOV.UK Pay on the way."""

from collections.abc import Callable

import pytest

from bluelamp.demo import cast
from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.kernel.events.models import OutboxEvent
from bluelamp.foundation.payments import gateway
from bluelamp.foundation.payments.commands import (
    cancel_payment,
    follow_open_payments,
    following,
    start_payment,
    waive_payment,
)
from bluelamp.foundation.payments.lookups import get_payment, list_refunds
from bluelamp.foundation.payments.models import PaymentAttempt
from tests.cast import signed_in
from tests.foundation.payments.ledger import balances, transaction_kinds
from tests.foundation.payments.paying import (
    DECLINED_CARD,
    ERROR_CARD,
    RETURN_URL,
    PayService,
    ask,
    pay,
    refresh,
    start,
)

pytestmark = pytest.mark.django_db
PAID = {"card_clearing": 19400, "income": -19400}


def states() -> list[str]:
    return list(PaymentAttempt.objects.order_by("number").values_list("state", flat=True))


def failures() -> list[str]:
    events = OutboxEvent.objects.filter(name="payments.failed.v1").order_by("at")
    return [event.payload["code"] for event in events]


def test_it_works(pay_service: PayService) -> None:
    payment = ask()
    next_url = start(payment, pay_service)
    record = pay_service.only()
    assert (record.amount, record.request["reference"]) == (19400, payment.reference)
    assert record.request["email"] == "grace.holloway@example.com"
    assert refresh(payment, pay_service).state == "due"
    assert pay_service.visit(next_url) == "success"
    paid = refresh(payment, pay_service)
    assert (paid.state, paid.method, paid.is_settled, paid.paid_at) == (
        "paid", "online", True, pay_service.at,
    )  # fmt: skip
    assert balances() == PAID
    [event] = OutboxEvent.objects.filter(name="payments.paid.v1")
    assert event.payload["amount_pence"] == 19400
    assert refresh(payment, pay_service) == paid
    assert transaction_kinds() == ["paid"]


@pytest.mark.parametrize(
    ("card", "code"),
    [(DECLINED_CARD, "P0010"), (ERROR_CARD, "P0050"), ("4000000000000069", "P0010")],
)
def test_a_card_that_fails_leaves_it_due(pay_service: PayService, card: str, code: str) -> None:
    payment = ask()
    failed = pay(payment, pay_service, card)
    assert (failed.state, failed.failure, failed.is_under_way) == ("due", code, False)
    assert failures() == [code]
    assert balances() == {}
    assert pay(payment, pay_service).state == "paid"
    assert len(pay_service.pay.payments) == 2
    assert balances() == PAID


def test_cancelled_by_the_payer(pay_service: PayService) -> None:
    payment = ask()
    start(payment, pay_service)
    pay_service.pay.end(pay_service.only(), "failed", "P0030", "Cancelled")
    assert refresh(payment, pay_service).failure == "P0030"


def test_two_tabs_are_one_card_payment(pay_service: PayService) -> None:
    payment = ask()
    first, second = start(payment, pay_service), start(payment, pay_service)
    assert first != second  # each link works once
    assert len(pay_service.pay.payments) == 1
    pay_service.visit(first)
    assert start(payment, pay_service) == ""
    assert refresh(payment, pay_service).state == "paid"
    assert balances() == PAID


def test_back_after_paying_leads_nowhere(pay_service: PayService) -> None:
    payment = ask()
    pay_service.visit(start(payment, pay_service))
    # The browser never came back; the payer opens the link again and presses the button.
    assert start(payment, pay_service) == ""
    assert refresh(payment, pay_service).is_settled
    assert len(pay_service.pay.payments) == 1


def test_a_payment_that_is_being_confirmed_is_waited_for(pay_service: PayService) -> None:
    payment = ask()
    pay_service.visit(start(payment, pay_service), confirms=False)
    assert start(payment, pay_service) == ""
    assert refresh(payment, pay_service).is_under_way
    assert len(pay_service.pay.payments) == 1


def test_expired(pay_service: PayService) -> None:
    payment = ask()
    start(payment, pay_service)
    pay_service.wait(minutes=89)
    assert follow_open_payments(at=pay_service.at) == 1
    assert states() == ["created"]
    pay_service.wait(minutes=1)
    follow_open_payments(at=pay_service.at)
    assert (states(), failures()) == (["failed"], ["P0020"])
    assert start(payment, pay_service)


def test_the_sweep_books_what_nobody_came_back_for(pay_service: PayService) -> None:
    payment = ask()
    pay_service.visit(start(payment, pay_service))
    pay_service.wait(minutes=6)
    follow_open_payments(at=pay_service.at)
    assert balances() == PAID
    assert follow_open_payments(at=pay_service.at) == 0
    assert refresh(payment, pay_service).state == "paid"


@pytest.mark.parametrize("fault", ["fail_after", "cut_after"])
def test_failed_after_the_work_was_done(pay_service: PayService, fault: str) -> None:
    payment = ask()
    setattr(pay_service.pay.faults, fault, 2)  # the first try, and the one after it
    with pytest.raises(gateway.Unavailable):
        start(payment, pay_service)
    assert states() == ["opening"]
    pay_service.visit(start(payment, pay_service))
    assert len(pay_service.pay.payments) == 1
    assert refresh(payment, pay_service).state == "paid"


@pytest.mark.parametrize("fault", ["fail_before", "too_many"])
def test_busy_for_a_moment_is_tried_again(pay_service: PayService, fault: str) -> None:
    payment = ask()
    setattr(pay_service.pay.faults, fault, 1)
    assert start(payment, pay_service)
    setattr(pay_service.pay.faults, fault, 2)
    with pytest.raises(gateway.Unavailable):
        refresh(payment, pay_service)


def test_down(pay_service: PayService) -> None:
    payment = ask()
    pay_service.pay.faults.is_down = True
    with pytest.raises(gateway.Unavailable):
        start(payment, pay_service)
    pay_service.pay.faults.is_down = False
    assert pay(payment, pay_service).state == "paid"


def test_too_slow_and_paid_all_the_same(pay_service: PayService) -> None:
    payment = ask()
    pay_service.pay.faults.slow_seconds = 60.0
    with pytest.raises(gateway.Unavailable):
        start(payment, pay_service)
    pay_service.pay.faults.slow_seconds = 0.0
    assert pay(payment, pay_service).state == "paid"
    assert len(pay_service.pay.payments) == 1


def test_an_answer_that_never_came_is_found_by_the_sweep(pay_service: PayService) -> None:
    payment = ask()
    pay_service.pay.faults.cut_after = 2
    with pytest.raises(gateway.Unavailable):
        start(payment, pay_service)
    pay_service.wait(minutes=10)
    follow_open_payments(at=pay_service.at)
    assert PaymentAttempt.objects.get().provider_id == pay_service.only().payment_id


def test_a_try_that_they_never_had_is_given_up(pay_service: PayService) -> None:
    payment = ask()
    pay_service.pay.faults.is_down = True
    with pytest.raises(gateway.Unavailable):
        start(payment, pay_service)
    pay_service.pay.faults.is_down = False
    pay_service.wait(minutes=94)
    follow_open_payments(at=pay_service.at)
    assert states() == ["opening"]
    pay_service.wait(minutes=2)
    follow_open_payments(at=pay_service.at)
    assert states() == ["lost"]
    assert pay(payment, pay_service).state == "paid"


def test_another_amount_is_never_booked(pay_service: PayService) -> None:
    payment = ask()
    next_url = start(payment, pay_service)
    pay_service.only().request["amount"] = 100
    pay_service.visit(next_url)
    assert refresh(payment, pay_service).state == "due"
    assert balances() == {}


def test_only_their_own_pages_are_sent_to(pay_service: PayService, settings: object) -> None:
    payment = ask()
    pay_service.pay.address = "https://evil.example"
    with pytest.raises(gateway.Unavailable, match="another site"):
        start(payment, pay_service)


def test_staff_cancel_to_take_cash(pay_service: PayService) -> None:
    payment = ask()
    start(payment, pay_service)
    ike = signed_in(cast.IKE)
    done = cancel_payment(actor=ike, at=pay_service.at, reference=payment.reference)
    assert (done.state, done.is_under_way, done.failure) == ("due", False, "P0040")


def test_too_late_to_cancel_is_paid(pay_service: PayService) -> None:
    payment = ask()
    pay_service.visit(start(payment, pay_service))
    ike = signed_in(cast.IKE)
    done = cancel_payment(actor=ike, at=pay_service.at, reference=payment.reference)
    assert done.state == "paid"
    assert get_payment(actor=ike, at=pay_service.at, reference=payment.reference).entries


def test_paid_though_it_was_given_up_and_waived(pay_service: PayService, joy: object) -> None:
    payment = ask()
    pay_service.pay.faults.cut_after = 2
    with pytest.raises(gateway.Unavailable):
        start(payment, pay_service)
    pay_service.pay.faults.does_search_lag = True  # so that the sweep gives it up
    record = pay_service.only()
    record.created_at += pay_service.at - record.created_at
    pay_service.pay._lagging_since = record.created_at
    pay_service.wait(minutes=96)
    follow_open_payments(at=pay_service.at)
    assert states() == ["lost"]
    waive_payment(
        actor=signed_in(cast.JOY),
        at=pay_service.at,
        payment_id=payment.id,
        ground="other",
        note="x",
    )
    # Nobody could have paid it, for its link was never given out. If they say so all the same:
    record.status = "success"
    pay_service.pay.faults.does_search_lag = False
    from bluelamp.foundation.payments.commands.actors import system_actor
    from bluelamp.foundation.payments.commands.paying import record_card_payment

    attempt = PaymentAttempt.objects.get()
    record_card_payment(
        actor=system_actor("01"), at=pay_service.at, attempt_id=attempt.id,
        card=gateway.get_payment(record.payment_id),
    )  # fmt: skip
    assert balances() == {"card_clearing": 19400, "owed_to_payers": -19400}
    [refund] = list_refunds(actor=signed_in(cast.JOY), at=pay_service.at).rows
    assert (refund.is_surplus, refund.amount_pence, refund.state) == (True, 19400, "requested")


def test_a_link_of_nothing(pay_service: PayService) -> None:
    with pytest.raises(NotFound):
        start_payment(
            actor=public_actor(), at=pay_service.at, token="x" * 43, return_url=RETURN_URL
        )


@pytest.mark.parametrize("name", ["BLUELAMP_PAY_URL", "BLUELAMP_PAY_KEY"])
def test_without_a_service(pay_service: PayService, settings: object, name: str) -> None:
    setattr(settings, name, "")
    with pytest.raises(gateway.NotSetUp):
        start(ask(), pay_service)


def test_production_refuses_the_stand_ins_key(pay_service: PayService, settings: object) -> None:
    settings.BLUELAMP_PAY_KEY = gateway.DEMO_KEY  # type: ignore[attr-defined]
    settings.BLUELAMP_PAY_WEBHOOK_SECRET = gateway.DEMO_WEBHOOK_SECRET  # type: ignore[attr-defined]
    with pytest.raises(gateway.NotSetUp, match="stand-in"):
        start(ask(), pay_service)
    assert gateway.webhook_secret() == ""


def test_the_payer_is_written_to(pay_service: PayService, run_jobs: Callable[[], int]) -> None:
    payment = ask()
    start(payment, pay_service)
    pay_service.wait(minutes=91)
    follow_open_payments(at=pay_service.at)
    assert run_jobs() >= 1
    from bluelamp.foundation.notifications.models import Message

    assert Message.objects.get().template == "payment-not-finished"


def test_a_try_that_pay_does_not_know_keeps_no_other_waiting(
    pay_service: PayService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a change of the key: however many there are, each run begins with others."""
    monkeypatch.setattr(following, "_MOST_AT_ONCE", 1)
    unknown, paid = ask(), ask()
    start(unknown, pay_service)
    del pay_service.pay.payments[pay_service.only().payment_id]
    pay_service.wait(minutes=1)
    pay_service.visit(start(paid, pay_service))
    for _run in range(2):
        pay_service.wait(minutes=10)
        follow_open_payments(at=pay_service.at)
    assert balances() == PAID
