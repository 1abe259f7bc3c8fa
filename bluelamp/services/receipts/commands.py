"""Write to payers, as each event of a payment comes."""

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.events.outbox import subscribe
from bluelamp.foundation.kernel.jobs.queues import Queue
from bluelamp.foundation.notifications.commands import send_message_or_list_undelivered
from bluelamp.foundation.notifications.languages import page_address
from bluelamp.foundation.payments.events import PaymentFailed, PaymentPaid, PaymentRefunded
from bluelamp.foundation.payments.lookups import get_payment_of_event
from bluelamp.foundation.payments.rules import OFFLINE_METHODS
from bluelamp.records.reference.lookups import get_force

# The payer saw every other failure on the page, and can try again there.
_EXPIRED = "P0020"


@command(permission="notification.send", act="payer.informed", category=Category.DISCLOSURE)
def write_to_payer(
    *,
    actor: Actor,
    at: datetime,
    payment_id: UUID,
    template: str,
    occasion: str,
    amount_pence: int | None = None,
) -> None:
    """Send an e-mail about a payment to whoever pays it, where we have an address.

    Args:
        actor: The part of the program that writes.
        at: The time.
        payment_id: The payment.
        template: The name of the message's template.
        occasion: What it is about. Nobody gets two messages for one occasion.
        amount_pence: The amount it is about; None for the whole payment.
    """
    payment = get_payment_of_event(actor=actor, payment_id=payment_id)
    if payment.email:
        force = get_force(payment.force)
        send_message_or_list_undelivered(
            actor=actor,
            at=at,
            to=payment.email,
            template=template,
            reference=payment.reference,
            idempotency_key=occasion,
            language=payment.language,
            personalisation={
                "amount": _to_pounds(payment.total_pence if amount_pence is None else amount_pence),
                "description": payment.description,
                "reference": payment.reference,
                "link": page_address("pay", payment.token, language=payment.language),
                "force": force.name if force else "",
            },
        )
    record_act(None, ref=payment.reference, detail={"template": template})


@subscribe(PaymentPaid, name="receipts.send_receipt", queue=Queue.MESSAGES)
def send_receipt(event: PaymentPaid) -> None:
    """Send the receipt for money that staff took."""
    if event.method in OFFLINE_METHODS:
        write_to_payer(
            actor=_system_actor(event.force),
            at=now(),
            payment_id=event.payment_id,
            template="payment-received",
            occasion=f"paid {event.payment_id}",
        )


@subscribe(PaymentFailed, name="receipts.remind_of_payment", queue=Queue.MESSAGES)
def remind_of_payment(event: PaymentFailed) -> None:
    """Tell somebody who left the payment page open that nothing was paid."""
    if event.code == _EXPIRED:
        write_to_payer(
            actor=_system_actor(event.force),
            at=now(),
            payment_id=event.payment_id,
            template="payment-not-finished",
            # Once, however often they leave it: the page says the same.
            occasion=f"unfinished {event.payment_id}",
        )


@subscribe(PaymentRefunded, name="receipts.send_refund_notice", queue=Queue.MESSAGES)
def send_refund_notice(event: PaymentRefunded) -> None:
    """Tell the payer that money is on its way back."""
    write_to_payer(
        actor=_system_actor(event.force),
        at=now(),
        payment_id=event.payment_id,
        template="payment-refunded",
        occasion=f"refund {event.refund_id}",
        amount_pence=event.amount_pence,
    )


def _system_actor(force: str) -> Actor:
    return Actor.system("receipts", force=force, permissions={"notification.send"})


def _to_pounds(pence: int) -> str:
    return f"£{pence // 100:,}.{pence % 100:02d}"
