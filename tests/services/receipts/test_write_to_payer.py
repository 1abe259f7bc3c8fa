"""Payers get a receipt for what staff took, and news of refunds and payments left unfinished."""

from collections.abc import Callable

import pytest

from bluelamp.demo import cast
from bluelamp.foundation.notifications.models import Message
from bluelamp.foundation.payments.commands import record_offline_payment
from bluelamp.foundation.payments.events import PaymentPaid
from bluelamp.services.receipts.commands import send_receipt
from tests.cast import signed_in
from tests.foundation.payments.paying import AT, ask

pytestmark = pytest.mark.django_db


def test_it_works(run_jobs: Callable[[], int]) -> None:
    payment = ask()
    record_offline_payment(
        actor=signed_in(cast.IKE), at=AT, reference=payment.reference, method="cash",
        receipt_reference="T-1",
    )  # fmt: skip
    run_jobs()
    message = Message.objects.get()
    assert (message.template, message.to) == ("payment-received", "grace.holloway@example.com")
    assert message.personalisation["amount"] == "£194.00"
    assert message.personalisation["link"].endswith(f"/pay/{payment.token}/")
    event = PaymentPaid(
        payment_id=payment.id, force="01", reference=payment.reference,
        payable_kind=payment.payable_kind, payable_id=payment.payable_id,
        payable_reference=payment.payable_reference, occasion=payment.occasion,
        amount_pence=19400, method="cash", paid_at=AT,
    )  # fmt: skip
    send_receipt(event)  # delivered twice, sent once
    assert Message.objects.count() == 1


def test_without_an_address_nothing_is_sent(run_jobs: Callable[[], int]) -> None:
    payment = ask(email="")
    record_offline_payment(
        actor=signed_in(cast.IKE), at=AT, reference=payment.reference, method="cash",
        receipt_reference="T-1",
    )  # fmt: skip
    run_jobs()
    assert not Message.objects.exists()
