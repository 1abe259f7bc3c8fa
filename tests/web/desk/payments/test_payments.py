"""The desk's payments: the list, one payment, refunds by two people, differences, exports, fees."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bluelamp.demo import cast
from bluelamp.foundation.accounts.models import AccountSession
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.payments.lookups import PaymentDetail
from bluelamp.foundation.payments.models import Fee, Payment, ReconciliationDifference, Refund
from tests.cast import browser
from tests.direct_writes import direct_writes
from tests.foundation.payments.ledger import balances
from tests.foundation.payments.paying import PayService, ask, pay, start

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _present(pay_service: PayService) -> None:
    """Let the stand-in's clock run with the pages', which read their own."""
    pay_service.pay.clock = now
    pay_service.at = now()


@pytest.fixture
def ike() -> Client:
    """Ike, who takes payments and asks for refunds."""
    return browser(cast.IKE)


@pytest.fixture
def joy() -> Client:
    """Joy, who approves refunds and sets fees."""
    return browser(cast.JOY)


def new_payment() -> PaymentDetail:
    return ask(at=now())


def post(client: Client, name: str, data: dict[str, Any] | None = None, **kwargs: Any) -> Any:
    return client.post(reverse(name, kwargs=kwargs), data or {})


def get(client: Client, name: str, query: str = "", **kwargs: Any) -> Any:
    return client.get(reverse(name, kwargs=kwargs) + query)


def test_it_works(ike: Client, joy: Client, pay_service: PayService) -> None:
    payment = pay(new_payment(), pay_service)
    listed = get(ike, "desk-payments")
    assert payment.reference in listed.text
    assert "1 payment, £194.00 in all" in listed.text
    shown = get(ike, "desk-payment", reference=payment.reference)
    for expected in ("Paid", "Card payments (GOV.UK Pay)", "Income", "Ask for a refund"):
        assert expected in shown.text
    answer = post(
        ike, "desk-request-refund", {"amount": "94.50", "reason": "Refused"},
        reference=payment.reference,
    )  # fmt: skip
    assert answer.status_code == 302
    refund = Refund.objects.get()
    assert refund.amount_pence == 9450
    assert "£94.50" in get(joy, "desk-refunds").text
    assert "Approve refund of £94.50" in get(joy, "desk-refund", refund_id=refund.id).text
    assert post(joy, "desk-approve-refund", refund_id=refund.id).status_code == 302
    assert Refund.objects.get().state == "approved"
    assert balances() == {"card_clearing": 19400, "income": -9950, "owed_to_payers": -9450}


def test_what_is_asked_back_is_not_suggested_again(ike: Client, pay_service: PayService) -> None:
    payment = pay(new_payment(), pay_service)
    address = {"reference": payment.reference}
    post(ike, "desk-request-refund", {"amount": "94.00", "reason": "Refused"}, **address)
    assert 'value="100.00"' in get(ike, "desk-payment", **address).text
    post(ike, "desk-request-refund", {"amount": "100.00", "reason": "Refused"}, **address)
    assert "Ask for a refund" not in get(ike, "desk-payment", **address).text


def test_search_and_filters(ike: Client, pay_service: PayService) -> None:
    paid, due = pay(new_payment(), pay_service), new_payment()
    provider_id = pay_service.only().payment_id

    def found(query: str) -> set[str]:
        text = get(ike, "desk-payments", query).text
        return {row.reference for row in (paid, due) if row.reference in text}

    both = {paid.reference, due.reference}
    assert found("") == both
    assert found(f"?q={due.reference.lower()}") == {due.reference}
    assert found(f"?q={provider_id}") == {paid.reference}
    assert found("?q=FA-7K2M") == found("?q=grace.holloway@example.com") == both
    assert found("?q=elephant") == set()
    assert found("?state=paid") == found("?method=online") == {paid.reference}
    assert found("?to=2020-01-01") == set()
    assert get(ike, "desk-payments", "?from=elephant").status_code == 422
    assert get(ike, "desk-payments", "?page=99").status_code == 200


def test_pages(ike: Client) -> None:
    for _ in range(26):
        new_payment()
    assert "26 payments" in get(ike, "desk-payments").text
    assert "page=2" in get(ike, "desk-payments").text
    assert get(ike, "desk-payments", "?page=2").text.count("PAY-") >= 1


def test_take_cash(ike: Client) -> None:
    payment = new_payment()
    wrong = post(ike, "desk-take-payment", {}, reference=payment.reference)
    assert wrong.status_code == 422
    assert "Select how they paid" in wrong.text
    good = {"method": "cash", "receipt_reference": "T-1"}
    assert post(ike, "desk-take-payment", good, reference=payment.reference).status_code == 302
    shown = get(ike, "desk-payment", "?done=taken", reference=payment.reference)
    assert "Payment recorded" in shown.text
    assert "Take the payment" not in shown.text
    receipt = get(ike, "desk-payment-receipt", reference=payment.reference)
    assert receipt["Content-Type"] == "application/pdf"
    again = post(ike, "desk-take-payment", good, reference=payment.reference)
    assert again.status_code == 422
    assert balances() == {"cash": 19400, "income": -19400}


def test_cancel_the_card_first(ike: Client, pay_service: PayService) -> None:
    payment = new_payment()
    start(payment, pay_service)
    shown = get(ike, "desk-payment", reference=payment.reference)
    assert "Cancel the card payment" in shown.text
    assert "Take the payment" not in shown.text
    pay_service.pay.faults.is_down = True
    down = post(ike, "desk-cancel-payment", reference=payment.reference)
    assert (down.status_code, "does not answer" in down.text) == (422, True)
    pay_service.pay.faults.is_down = False
    assert post(ike, "desk-cancel-payment", reference=payment.reference).status_code == 302
    assert "Cancelled by us (P0040)" in get(ike, "desk-payment", reference=payment.reference).text


def test_waive(joy: Client, ike: Client) -> None:
    payment = new_payment()
    assert "do not have to pay" not in get(ike, "desk-payment", reference=payment.reference).text
    assert post(ike, "desk-waive-payment", reference=payment.reference).status_code == 403
    assert post(joy, "desk-waive-payment", reference=payment.reference).status_code == 422
    good = {"ground": "bereaved_family", "note": "Saw the letter"}
    assert post(joy, "desk-waive-payment", good, reference=payment.reference).status_code == 302
    assert "Saw the letter" in get(joy, "desk-payment", reference=payment.reference).text


def test_whoever_asked_cannot_decide(ike: Client, joy: Client, pay_service: PayService) -> None:
    payment = pay(new_payment(), pay_service)
    post(ike, "desk-request-refund", {"amount": "1", "reason": "x"}, reference=payment.reference)
    refund = Refund.objects.get()
    assert "someone else must decide" in get(ike, "desk-refund", refund_id=refund.id).text
    assert post(ike, "desk-approve-refund", refund_id=refund.id).status_code == 403
    declined = post(joy, "desk-decline-refund", {"note": ""}, refund_id=refund.id)
    assert "Enter why you declined" in declined.text
    good = {"note": "Paid to another force"}
    assert post(joy, "desk-decline-refund", good, refund_id=refund.id).status_code == 302
    assert "Declined" in get(joy, "desk-refunds", "?state=finished").text


def test_a_decision_needs_proof_of_who_one_is(
    ike: Client, joy: Client, pay_service: PayService
) -> None:
    payment = pay(new_payment(), pay_service)
    post(ike, "desk-request-refund", {"amount": "1", "reason": "x"}, reference=payment.reference)
    refund = Refund.objects.get()
    with direct_writes():
        AccountSession.objects.update(confirmed_at=now() - timedelta(hours=2))
    asked = post(joy, "desk-approve-refund", refund_id=refund.id)
    assert asked.status_code == 403
    assert Refund.objects.get().state == "requested"


@pytest.mark.parametrize("amount", ["", "x", "1.5", "-1", "1e3", "0", "999999"])
def test_amounts_that_are_none(ike: Client, pay_service: PayService, amount: str) -> None:
    payment = pay(new_payment(), pay_service)
    answer = post(
        ike, "desk-request-refund", {"amount": amount, "reason": "x"}, reference=payment.reference
    )
    assert answer.status_code == 422
    assert not Refund.objects.exists()


def test_differences(joy: Client, pay_service: PayService, run_jobs: Any) -> None:
    pay_service.pay.create(
        {"amount": 500, "reference": "x", "description": "x", "return_url": "https://x.example"}, ""
    )
    assert "no differences to clear" in get(joy, "desk-differences").text
    today = london_date(now())
    assert post(joy, "desk-compare-payments", {"on": str(today)}).status_code == 302
    run_jobs()
    listed = get(joy, "desk-differences")
    assert "GOV.UK Pay has a payment that we do not know" in listed.text
    assert "£5.00" in listed.text
    difference = ReconciliationDifference.objects.get()
    wrong = post(joy, "desk-clear-difference", {"note": ""}, difference_id=difference.id)
    assert "Enter what you did about it" in wrong.text
    good = {"note": "A test in the admin tool"}
    cleared = post(joy, "desk-clear-difference", good, difference_id=difference.id)
    assert cleared.status_code == 302
    assert "A test in the admin tool" in get(joy, "desk-differences", "?state=cleared").text
    for day in ("", "elephant", str(today + timedelta(days=1))):
        assert post(joy, "desk-compare-payments", {"on": day}).status_code == 422


def test_exports(joy: Client, pay_service: PayService) -> None:
    payment = pay(new_payment(), pay_service)
    with direct_writes():
        Payment.objects.filter(id=payment.id).update(description="=HYPERLINK(1)")
    today = str(london_date(now()))
    answer = get(joy, "desk-ledger-csv", f"?from={today}&to={today}")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert [(row["account"], row["amount_gbp"]) for row in rows] == [
        ("card_clearing", "194.00"), ("income", "-194.00"),
    ]  # fmt: skip
    assert rows[0]["govuk_pay_id"] == pay_service.only().payment_id
    answer = get(joy, "desk-payments-csv")
    [row] = csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig")))
    assert (row["total_gbp"], row["description"]) == ("194.00", "'=HYPERLINK(1)")
    assert get(joy, "desk-ledger-csv").status_code == 422
    assert "Download the ledger" in get(joy, "desk-payment-exports").text


def test_fees(joy: Client) -> None:
    new_payment()
    listed = get(joy, "desk-fees")
    assert "Amount not known" in listed.text
    assert "cannot be charged yet" in listed.text
    assert "Firearms (Variation of Fees) Order 2026" in get(joy, "desk-fee", code="FAC_GRANT").text
    wrong = post(joy, "desk-fee", {"net": "x", "vat_percent": "y"}, code="FAC_GRANT")
    for expected in ("Enter an amount", "whole number", "Enter the first day"):
        assert expected in wrong.text
    good = {"net": "203.94", "vat_percent": "0", "valid_from": "2026-06-04", "source": "The order"}
    assert post(joy, "desk-fee", good, code="FAC_GRANT").status_code == 302
    assert Fee.objects.get(force="01", code="FAC_GRANT").net_pence == 20394
    assert "£203.94" in get(joy, "desk-fee", code="FAC_GRANT").text
    assert get(joy, "desk-fee", code="ELEPHANT").status_code == 404


@pytest.mark.parametrize(
    "name",
    ["desk-payments", "desk-refunds", "desk-differences", "desk-payment-exports", "desk-fees"],
)
def test_officers_see_none_of_it(name: str) -> None:
    assert get(browser(cast.ADA), name).status_code == 403
    assert get(Client(), name).status_code == 302


def test_another_force_sees_nothing(pay_service: PayService) -> None:
    payment = new_payment()
    assert get(browser(cast.FEMI), "desk-payment", reference=payment.reference).status_code in {
        403,
        404,
    }
