"""The pages of a payment: pay, come back, reload, go back, two tabs, fail, and the receipt."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from bluelamp.demo import cast
from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.payments import gateway
from bluelamp.foundation.payments.commands import record_offline_payment, withdraw_payment
from bluelamp.foundation.payments.links import make_token
from bluelamp.foundation.payments.lookups import PaymentDetail
from bluelamp.foundation.payments.models import Payment, WebhookMessage
from bluelamp.foundation.payments.rules import Charge
from tests.cast import signed_in
from tests.foundation.payments.ledger import balances
from tests.foundation.payments.paying import (
    AT,
    DECLINED_CARD,
    GOOD_CARD,
    PayService,
    ask,
    confirm_fee,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _present(pay_service: PayService) -> None:
    """Let the stand-in's clock run with the pages', which read their own."""
    pay_service.pay.clock = now


def page(client: Client, name: str, payment: PaymentDetail) -> HttpResponse:
    answer = client.get(reverse(name, kwargs={"token": payment.token}))
    assert isinstance(answer, HttpResponse)
    return answer


def press(client: Client, payment: PaymentDetail) -> HttpResponse:
    answer = client.post(reverse("pay", kwargs={"token": payment.token}))
    assert isinstance(answer, HttpResponse)
    return answer


def pay_there(client: Client, payment: PaymentDetail, service: PayService, card: str) -> None:
    answer = press(client, payment)
    assert answer.status_code == 302
    service.visit(answer["Location"], card)


def test_it_works(client: Client, pay_service: PayService) -> None:
    payment = ask()
    shown = page(client, "pay", payment)
    assert shown.status_code == 200
    assert "£194.00" in shown.text
    assert "Pay and continue" in shown.text
    assert f"form-action 'self' {pay_service.pay.address}" in shown["Content-Security-Policy"]
    pay_there(client, payment, pay_service, GOOD_CARD)
    request = pay_service.only().request
    assert request["return_url"] == f"http://testserver/pay/{payment.token}/back/"
    back = page(client, "pay-back", payment)
    assert (back.status_code, back["Location"]) == (302, f"/pay/{payment.token}/")
    paid = page(client, "pay", payment)
    assert "Payment received" in paid.text
    assert payment.reference in paid.text
    assert "Pay and continue" not in paid.text
    assert balances() == {"card_clearing": 19400, "income": -19400}


def test_coming_back_says_nothing_by_itself(client: Client, pay_service: PayService) -> None:
    payment = ask()
    press(client, payment)
    back = page(client, "pay-back", payment)
    assert (back.status_code, back["Refresh"]) == (200, "10")
    assert "checking your payment" in back.text
    assert "Payment received" not in page(client, "pay", payment).text
    assert page(client, "pay-receipt", payment).status_code == 404


def test_reload_and_back_button(client: Client, pay_service: PayService) -> None:
    payment = ask()
    pay_there(client, payment, pay_service, GOOD_CARD)
    for _ in range(3):
        assert page(client, "pay-back", payment).status_code == 302
    again = press(client, payment)  # the old page, from the browser's memory
    assert again["Location"] == f"/pay/{payment.token}/"
    assert len(pay_service.pay.payments) == 1
    assert balances() == {"card_clearing": 19400, "income": -19400}


def test_two_tabs(client: Client, pay_service: PayService) -> None:
    payment = ask()
    first, second = press(client, payment), press(client, payment)
    pay_service.visit(first["Location"])
    assert len(pay_service.pay.payments) == 1
    assert pay_service.pay.open_page(second["Location"].rpartition("/")[2]) is pay_service.only()
    assert pay_service.pay.pay(pay_service.only(), GOOD_CARD) == ""
    page(client, "pay-back", payment)
    page(client, "pay-back", payment)
    assert balances() == {"card_clearing": 19400, "income": -19400}


def test_declined(client: Client, pay_service: PayService) -> None:
    payment = ask()
    pay_there(client, payment, pay_service, DECLINED_CARD)
    assert page(client, "pay-back", payment).status_code == 302
    failed = page(client, "pay", payment)
    assert "Your payment was not made" in failed.text
    assert "did not accept the payment" in failed.text
    assert "No money has been taken" in failed.text
    pay_there(client, payment, pay_service, GOOD_CARD)
    page(client, "pay-back", payment)
    assert "Payment received" in page(client, "pay", payment).text


def test_down(client: Client, pay_service: PayService) -> None:
    payment = ask()
    pay_service.pay.faults.is_down = True
    answer = press(client, payment)
    assert answer.status_code == 503
    assert "cannot pay online at the moment" in answer.text
    assert "will not be charged twice" in answer.text
    back = page(client, "pay-back", payment)
    assert back.status_code == 200
    assert "checking your payment" in back.text


def test_the_receipt(client: Client, pay_service: PayService) -> None:
    confirm_fee("COLLISION_REPORT", 17330, vat_percent=20)
    payment = ask(Charge("COLLISION_REPORT"))
    assert "£34.66" in page(client, "pay", payment).text
    record_offline_payment(
        actor=signed_in(cast.IKE), at=AT, reference=payment.reference, method="cash",
        receipt_reference="T-1",
    )  # fmt: skip
    answer = page(client, "pay-receipt", payment)
    assert answer["Content-Type"] == "application/pdf"
    reader = PdfReader(io.BytesIO(answer.content))
    text = reader.pages[0].extract_text()
    for expected in (payment.reference, "£207.96", "VAT at 20%: £34.66", "Cash", "3 March 2026"):
        assert expected in text
    assert "pdfaid" in str(reader.xmp_metadata.rdf_root.toxml() if reader.xmp_metadata else "")
    assert page(client, "pay-receipt", payment).content == answer.content


def test_withdrawn_and_free(client: Client) -> None:
    payment = ask()
    withdraw_payment(actor=public_actor(), at=AT, payment_id=payment.id)
    assert "no longer needed" in page(client, "pay", payment).text
    confirm_fee("FAC_GRANT", 0)
    free = ask(Charge("FAC_GRANT"))
    assert "do not have to pay" in page(client, "pay", free).text
    assert press(client, free).status_code == 302


@pytest.mark.parametrize("name", ["pay", "pay-back", "pay-receipt"])
def test_no_id_opens_a_payment(client: Client, name: str) -> None:
    payment = ask()
    for token in (str(payment.id), payment.reference, make_token(uuid4()), "x"):
        assert client.get(reverse(name, kwargs={"token": token})).status_code == 404


def test_webhook(client: Client, pay_service: PayService) -> None:
    payment = ask()
    pay_there(client, payment, pay_service, GOOD_CARD)
    message = pay_service.pay.webhooks.waiting[0]
    url = reverse("pay-webhook")

    def send(signature: str, body: bytes = message.body) -> int:
        answer = client.post(
            url, body, content_type="application/json", headers={"Pay-Signature": signature}
        )
        return answer.status_code

    assert send("") == send("0" * 64) == 401
    assert WebhookMessage.objects.count() == 0
    assert send(message.signature) == send(message.signature) == 204
    assert WebhookMessage.objects.count() == 1
    assert client.get(url).status_code == 405
    assert send(message.signature, b"x" * 100_001) == 413
    assert Payment.objects.get().state == "due"


def test_without_a_payment_service(client: Client, settings: object) -> None:
    settings.BLUELAMP_PAY_URL = ""  # type: ignore[attr-defined]
    assert press(client, ask()).status_code == 503
    assert gateway.payment_pages_origin() == ""


def test_a_try_left_open_for_long_is_followed_by_another(
    client: Client, pay_service: PayService
) -> None:
    payment = ask()
    press(client, payment)
    pay_service.only().created_at -= timedelta(minutes=91)
    assert page(client, "pay-back", payment).status_code == 302
    assert "did not finish paying" in page(client, "pay", payment).text
    assert press(client, payment).status_code == 302
    assert len(pay_service.pay.payments) == 2
