"""Money that staff take: cash, a cheque, or a card over the phone."""

from datetime import datetime

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.foundation.payments.commands.booking import book_payment
from bluelamp.foundation.payments.commands.requesting import require_not_under_way
from bluelamp.foundation.payments.lookups.details import PaymentDetail, to_payment_detail
from bluelamp.foundation.payments.models import OfflinePayment
from bluelamp.foundation.payments.policy import payment_policy
from bluelamp.foundation.payments.rules import OFFLINE_METHODS, Method, PaymentState

MAX_REFERENCE_LENGTH = 60


@command(permission="payment.take", act="payment.taken", category=Category.COLLECTION)
def record_offline_payment(
    *, actor: Actor, at: datetime, reference: str, method: str, receipt_reference: str
) -> PaymentDetail:
    """Record that a member of staff has taken the whole amount.

    Args:
        actor: Who took it.
        at: When.
        reference: The payment's reference.
        method: "cash", "cheque" or "phone".
        receipt_reference: The number of the cheque, of the till's receipt, or of the card terminal.

    Raises:
        NotFound: There is no such payment of the actor's force.
        Refused: It is not due, somebody is paying it by card, or something is missing.
    """
    receipt_reference = clean_text(
        receipt_reference,
        max_length=MAX_REFERENCE_LENGTH,
        field="receipt_reference",
        label="payments.receipt_reference",
    )
    problems = []
    if method not in OFFLINE_METHODS:
        problems.append(Problem("payments.method_missing", "method"))
    if not receipt_reference:
        problems.append(Problem("payments.receipt_reference_missing", "receipt_reference"))
    if problems:
        raise Refused(errors=problems)
    # Locked before its state is read: two members of staff may take the money at once.
    payment = payment_policy.get(actor, lock=True, reference=reference)
    # No job takes money: the receipt names a person.
    if actor.id is None:
        raise NotPermitted("only a member of staff takes money")
    if payment.state != PaymentState.DUE:
        raise Refused("payments.not_due")
    # Somebody may be entering their card at this moment: they would pay twice.
    require_not_under_way(payment)
    OfflinePayment.objects.create(
        payment=payment,
        method=method,
        receipt_reference=receipt_reference,
        taken_at=at,
        taken_by_id=actor.id,
    )
    book_payment(payment, Method(method), at=at)
    record_act(payment, ref=payment.reference, detail={"method": method})
    return to_payment_detail(payment)
