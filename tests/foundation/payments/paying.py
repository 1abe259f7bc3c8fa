"""Payments for tests: a stand-in without a network, fees that can be charged, and payers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from pytest_django import Settings

from bluelamp.demo import cast
from bluelamp.foundation.accounts.actors import public_actor
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.payments import gateway
from bluelamp.foundation.payments.commands import (
    NewFee,
    load_fees,
    refresh_payment,
    request_payment,
    set_fee,
    start_payment,
)
from bluelamp.foundation.payments.lookups import PaymentDetail
from bluelamp.foundation.payments.rules import Charge
from sandbox.pay import Pay
from sandbox.pay.records import PaymentRecord
from sandbox.pay.transport import PayTransport
from tests.cast import INSTALLER, signed_in

KEY, SECRET = "api_test_key_of_the_tests", "webhook_secret_of_the_tests"
AT = datetime(2026, 3, 3, 16, 15, tzinfo=UTC)
GOOD_CARD, DECLINED_CARD, ERROR_CARD = "4242424242424242", "4000000000000002", "4000000000000119"
RETURN_URL = "https://example.police.uk/pay/back/"


@dataclass
class PayService:
    """The stand-in with a clock that tests set.

    Attributes:
        at: The present instant, for the stand-in and for what tests call.
    """

    pay: Pay
    at: datetime = AT

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.at += timedelta(**span)

    def visit(self, next_url: str, card: str = GOOD_CARD, *, confirms: bool = True) -> str:
        """Do what a payer does on the payment pages; return the payment's status afterwards."""
        record = self.pay.open_page(next_url.rpartition("/")[2])
        assert record is not None, "the link was used"
        return self.pay_with(record, card, confirms=confirms)

    def pay_with(self, record: PaymentRecord, card: str, *, confirms: bool = True) -> str:
        """Enter a card and confirm."""
        if self.pay.pay(record, card) == "submitted" and confirms:
            self.pay.confirm(record)
        return record.status

    def only(self) -> PaymentRecord:
        """Return the one payment that the stand-in has."""
        (record,) = self.pay.payments.values()
        return record


@pytest.fixture
def pay_service(
    db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PayService]:
    """A stand-in of a test's own, for tests of other domains: import it into their module."""
    service = connect_pay_service(settings, monkeypatch)
    yield service
    assert service.pay.violations == []


def connect_pay_service(settings: Any, monkeypatch: pytest.MonkeyPatch) -> PayService:
    """Lead our client to a stand-in of its own."""
    service = PayService(Pay(key=KEY, webhook_secret=SECRET))
    service.pay.clock = lambda: service.at
    settings.BLUELAMP_PAY_URL = service.pay.address
    settings.BLUELAMP_PAY_KEY = KEY
    settings.BLUELAMP_PAY_WEBHOOK_SECRET = SECRET
    monkeypatch.setattr(gateway, "transport", PayTransport(service.pay))
    monkeypatch.setattr(gateway, "RETRY_SECONDS", (0.0,))
    return service


def confirm_fee(code: str, pence: int, *, vat_percent: int = 0) -> None:
    """Have a member of staff set and confirm what a code costs, from long ago on."""
    load_fees(actor=INSTALLER, at=AT)
    fee = NewFee(
        code=code,
        net_pence=pence,
        vat_percent=vat_percent,
        valid_from=date(2020, 1, 1),
        valid_until=None,
        source="Invented for the tests",
    )
    set_fee(actor=signed_in(cast.JOY), at=AT, fee=fee)


def ask(
    *charges: Charge,
    at: datetime = AT,
    payable_id: UUID | None = None,
    occasion: str = "fee",
    email: str = "grace.holloway@example.com",
) -> PaymentDetail:
    """Ask Grace to pay for an application; £194 for a shotgun certificate, unless charges say."""
    if not charges:
        confirm_fee("SGC_GRANT", 19400)
    return request_payment(
        actor=public_actor(),
        at=at,
        payable_kind="tests.application",
        payable_id=payable_id or new_id(),
        payable_reference="FA-7K2M",
        occasion=occasion,
        charges=charges or (Charge("SGC_GRANT"),),
        description="Shotgun certificate: grant",
        email=email,
        return_path="/firearms/",
    )


def start(payment: PaymentDetail, service: PayService) -> str:
    """Begin to pay; return where the payer is sent, "" for nowhere."""
    step = start_payment(
        actor=public_actor(), at=service.at, token=payment.token, return_url=RETURN_URL
    )
    return step.next_url


def refresh(payment: PaymentDetail, service: PayService) -> PaymentDetail:
    """Come back from the payment pages."""
    return refresh_payment(actor=public_actor(), at=service.at, token=payment.token)


def pay(payment: PaymentDetail, service: PayService, card: str = GOOD_CARD) -> PaymentDetail:
    """Pay by card, and come back."""
    service.visit(start(payment, service), card)
    return refresh(payment, service)
