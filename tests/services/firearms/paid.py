"""A fee that was asked for, and paid at the counter, for the tests of decisions."""

from uuid import UUID

from bluelamp.demo import cast
from bluelamp.foundation.payments.commands import record_offline_payment, request_payment
from bluelamp.foundation.payments.lookups import PaymentDetail
from bluelamp.foundation.payments.rules import Charge
from bluelamp.services.firearms.models import Application
from tests.cast import signed_in
from tests.direct_writes import direct_writes
from tests.foundation.payments.paying import confirm_fee
from tests.services.firearms.licensing import AT


def request_fee(application: Application) -> PaymentDetail:
    """Ask for the fee of an application."""
    confirm_fee("COT_GRANT_GRANT", 20200)
    payment = request_payment(
        actor=signed_in(cast.IKE),
        at=AT,
        payable_kind="firearms.application",
        payable_id=application.id,
        payable_reference=application.reference,
        occasion="fee",
        charges=[Charge("COT_GRANT_GRANT")],
        description="Firearm and shotgun certificate: grant",
        email="",
        return_path="/firearms/",
    )
    with direct_writes():
        Application.objects.filter(id=application.id).update(payment_id=payment.id)
    return payment


def take_cash(payment: PaymentDetail) -> None:
    """Take a payment in cash."""
    record_offline_payment(
        actor=signed_in(cast.IKE),
        at=AT,
        reference=payment.reference,
        method="cash",
        receipt_reference="T 1",
    )


def pay_for(application: Application) -> UUID:
    """Take the fee of an application in cash, and return the payment's id."""
    payment = request_fee(application)
    take_cash(payment)
    return payment.id
