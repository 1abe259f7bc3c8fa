"""A fee that was paid at the counter, for the tests of refusals."""

from uuid import UUID

from bluelamp.demo import cast
from bluelamp.foundation.payments.commands import record_offline_payment, request_payment
from bluelamp.foundation.payments.rules import Charge
from bluelamp.services.firearms.models import Application
from tests.cast import signed_in
from tests.foundation.payments.paying import confirm_fee
from tests.services.firearms.licensing import AT


def pay_for(application: Application) -> UUID:
    """Take the fee of an application in cash, and return the payment's id."""
    ike = signed_in(cast.IKE)
    confirm_fee("COT_GRANT_GRANT", 20200)
    payment = request_payment(
        actor=ike,
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
    record_offline_payment(
        actor=ike, at=AT, reference=payment.reference, method="cash", receipt_reference="T 1"
    )
    return payment.id
