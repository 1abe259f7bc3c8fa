"""Webhooks: lost, doubled, forged and out of order, none of them moves money by itself."""

import json
from collections.abc import Callable

import pytest

from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.foundation.payments import gateway
from bluelamp.foundation.payments.commands import receive_webhook
from bluelamp.foundation.payments.commands.actors import system_actor
from bluelamp.foundation.payments.commands.webhooks import is_signed
from bluelamp.foundation.payments.models import Payment, PaymentAttempt, WebhookMessage
from sandbox.pay.webhooks import sign
from tests.foundation.payments.ledger import balances
from tests.foundation.payments.paying import AT, SECRET, PayService, ask, start

pytestmark = pytest.mark.django_db
PAID = {"card_clearing": 19400, "income": -19400}


def deliver(service: PayService, *, backwards: bool = False) -> list[bool]:
    """Deliver what waits; return for each message whether it was new."""
    messages = list(service.pay.webhooks.waiting)
    service.pay.webhooks.waiting.clear()
    if backwards:
        messages.reverse()
    return [
        receive_webhook(
            actor=system_actor("01"), at=AT, body=message.body, signature=message.signature
        )
        for message in messages
    ]


def test_it_works(pay_service: PayService, run_jobs: Callable[[], int]) -> None:
    payment = ask()
    pay_service.visit(start(payment, pay_service))
    assert deliver(pay_service) == [True, True, True]
    assert Payment.objects.get().state == "due"  # only GOV.UK Pay's own answer counts
    run_jobs()
    assert balances() == PAID
    assert WebhookMessage.objects.filter(processed_at__isnull=True).count() == 0


def test_doubled_and_out_of_order(pay_service: PayService, run_jobs: Callable[[], int]) -> None:
    pay_service.pay.faults.double_webhooks = True
    payment = ask()
    pay_service.visit(start(payment, pay_service))
    assert sorted(deliver(pay_service, backwards=True)) == [False] * 3 + [True] * 3
    run_jobs()
    assert balances() == PAID


def test_forged(pay_service: PayService, run_jobs: Callable[[], int]) -> None:
    start(ask(), pay_service)
    record = pay_service.only()
    body = json.dumps(
        {"webhook_message_id": "1", "resource_id": record.payment_id,
         "event_type": "card_payment_succeeded", "resource": {"state": {"status": "success"}}}
    ).encode()  # fmt: skip
    good = sign(body, SECRET)
    for signature in ("", "0" * 64, good.upper(), good[:-1], sign(body, "x"), sign(body, "")):
        with pytest.raises(NotPermitted):
            receive_webhook(actor=system_actor("01"), at=AT, body=body, signature=signature)
    with pytest.raises(NotPermitted):
        receive_webhook(actor=system_actor("01"), at=AT, body=body + b" ", signature=good)
    assert not WebhookMessage.objects.exists()
    # Even rightly signed it is only a reason to ask.
    assert receive_webhook(actor=system_actor("01"), at=AT, body=body, signature=good)
    run_jobs()
    assert balances() == {}
    assert Payment.objects.get().state == "due"


def test_a_known_signature() -> None:
    # Made with: printf '%s' '{"a":1}' | openssl dgst -sha256 -hmac secret
    known = "aa9e2e3575f5d7098b6caccd790888c36d5fdb63342a73bada2d6a51747a8494"
    assert is_signed(b'{"a":1}', known, secret="secret")
    assert not is_signed(b'{"a":1}', known, secret="")


def test_the_answer_to_the_creation_was_lost(
    pay_service: PayService, run_jobs: Callable[[], int]
) -> None:
    payment = ask()
    pay_service.pay.faults.cut_after = 2
    with pytest.raises(gateway.Unavailable):
        start(payment, pay_service)
    pay_service.pay.end(pay_service.only(), "failed", "P0030", "x")
    deliver(pay_service)
    run_jobs()
    attempt = PaymentAttempt.objects.get()
    assert (attempt.provider_id, attempt.state) == (pay_service.only().payment_id, "failed")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"resource_id": "x"}', '{"id": 1}'])
def test_signed_and_malformed(pay_service: PayService, content: str) -> None:
    body = content.encode()
    with pytest.raises(Refused):
        receive_webhook(actor=system_actor("01"), at=AT, body=body, signature=sign(body, SECRET))


def test_about_somebody_elses_payment(pay_service: PayService, run_jobs: Callable[[], int]) -> None:
    body = b'{"webhook_message_id":"1","resource_id":"nobodys","event_type":"card_payment_started"}'
    receive_webhook(actor=system_actor("01"), at=AT, body=body, signature=sign(body, SECRET))
    run_jobs()
    assert not PaymentAttempt.objects.exists()
