"""Have GOV.UK Pay give back what was approved, and follow it until it arrived.

Its refunds have no idempotency key. What makes a second request safe is the sum that is left: we
store it before the first request and send it with each, and GOV.UK Pay refuses with 412 once it has
changed. Then the refund that we never heard of is found in its list.
"""

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.jobs.queues import Queue, enqueue, job
from bluelamp.foundation.payments import gateway
from bluelamp.foundation.payments.commands.actors import system_actor
from bluelamp.foundation.payments.commands.differences import list_difference
from bluelamp.foundation.payments.commands.refunds import complete_refund, lock_refund
from bluelamp.foundation.payments.gateway import CardRefund
from bluelamp.foundation.payments.models import Refund
from bluelamp.foundation.payments.rules import Account, RefundState

# HTTP: the sum that we sent along is no longer what is left.
PRECONDITION_FAILED = 412


class RefundStuck(gateway.Unavailable):
    """GOV.UK Pay answered, but this one refund cannot be made now. The job tries again later."""


class NotYet(Exception):
    """GOV.UK Pay has not finished, or could not be asked. The job queue tries again later."""


def send_refund(*, at: datetime, refund_id: UUID) -> None:
    """Ask GOV.UK Pay for an approved refund, or find out what became of the request before.

    Raises:
        gateway.NotSetUp, gateway.Unavailable: Try again later.
    """
    refund = Refund.objects.get(id=refund_id)
    actor = system_actor(refund.force)
    # The job ran before: what became of that request is known.
    if refund.state != RefundState.APPROVED:
        return
    provider_id = refund.attempt_provider_id
    available = refund.available_pence
    # Stored before the request: sent again with the same amount, GOV.UK Pay pays it out once.
    if available is None:
        available = gateway.get_payment(provider_id).refund_available_pence
        begin_sending(actor=actor, at=at, refund_id=refund_id, available_pence=available)
    try:
        card_refund = gateway.refund_payment(
            provider_id, amount_pence=refund.amount_pence, available_pence=available
        )
    except gateway.ProviderRefused as refusal:
        _handle_refusal(actor, at, refund, refusal)
        return
    record_card_refund(actor=actor, at=at, refund_id=refund_id, card_refund=card_refund)


def follow_refund(*, at: datetime, refund_id: UUID) -> None:
    """Read back how a refund went that GOV.UK Pay has taken.

    Raises:
        gateway.NotSetUp, gateway.Unavailable, gateway.ProviderRefused: Try again later.
    """
    refund = Refund.objects.get(id=refund_id)
    if refund.state == RefundState.SENT and refund.provider_refund_id:
        card_refund = gateway.get_refund(refund.attempt_provider_id, refund.provider_refund_id)
        record_card_refund(
            actor=system_actor(refund.force), at=at, refund_id=refund_id, card_refund=card_refund
        )


@command(permission="payment.process", act="refund.sending_begun")
def begin_sending(*, actor: Actor, at: datetime, refund_id: UUID, available_pence: int) -> None:
    """Store how much GOV.UK Pay could give back, before it is asked to."""
    payment, refund = lock_refund(refund_id)
    refund.available_pence = available_pence
    refund.save()
    record_act(payment, ref=payment.reference, detail={"available_pence": available_pence})


@command(permission="payment.process", act="refund.sweep_tried")
def note_refund_tried(*, actor: Actor, at: datetime, refund_id: UUID) -> None:
    """Note that the sweep is about to ask about a refund: others come before it next time."""
    payment, _refund = lock_refund(refund_id)
    Refund.objects.filter(id=refund_id).update(checked_at=at)
    record_act(payment, ref=payment.reference)


@command(permission="payment.process", act="refund.state_recorded")
def record_card_refund(
    *, actor: Actor, at: datetime, refund_id: UUID, card_refund: CardRefund
) -> None:
    """Record what GOV.UK Pay says of a refund."""
    payment, refund = lock_refund(refund_id)
    # Under the lock: two workers may bring the same news, and the money moves once.
    if refund.state in {RefundState.APPROVED, RefundState.SENT}:
        refund.provider_refund_id = card_refund.refund_id
        if card_refund.status == "success":
            complete_refund(payment, refund, at=at, source=Account.CARD_CLEARING)
        elif card_refund.status == "error":
            _mark_failed(refund, at)
        else:
            refund.state = RefundState.SENT
            refund.save()
            enqueue("payments.follow_refund", refund_id=str(refund.id))
    record_act(payment, ref=payment.reference, detail={"state": refund.state})


@command(permission="payment.process", act="refund.failed")
def mark_refund_failed(*, actor: Actor, at: datetime, refund_id: UUID) -> None:
    """Record that GOV.UK Pay cannot give this money back: staff do it by cheque or transfer."""
    payment, refund = lock_refund(refund_id)
    if refund.state == RefundState.APPROVED:
        _mark_failed(refund, at)
    record_act(payment, ref=payment.reference, detail={"state": refund.state})


@job(name="payments.send_refund", queue=Queue.MESSAGES, attempts=16)
def send_refund_job(*, refund_id: str) -> None:
    """Send a refund; try again, ever later, while GOV.UK Pay is busy or out of reach."""
    send_refund(at=now(), refund_id=UUID(refund_id))


@job(name="payments.follow_refund", queue=Queue.MESSAGES, attempts=16, priority=-5)
def follow_refund_job(*, refund_id: str) -> None:
    """Ask how a refund went; try again, ever later, while there is no news."""
    follow_refund(at=now(), refund_id=UUID(refund_id))
    # An error makes the queue wait ever longer; the sweep goes on after its last try.
    if Refund.objects.get(id=refund_id).state == RefundState.SENT:
        raise NotYet("no news of the refund yet")


def _handle_refusal(
    actor: Actor, at: datetime, refund: Refund, refusal: gateway.ProviderRefused
) -> None:
    """Find the refund that an earlier request made, or see why there can be none."""
    provider_id = refund.attempt_provider_id
    if card_refund := _find_unknown_refund(refund):
        record_card_refund(actor=actor, at=at, refund_id=refund.id, card_refund=card_refund)
        return
    if refusal.status == PRECONDITION_FAILED:
        # Somebody has refunded a part at GOV.UK Pay itself, or its list lags behind.
        available = gateway.get_payment(provider_id).refund_available_pence
        if available >= refund.amount_pence and available != refund.available_pence:
            _require_no_unlisted_refund(refund, available)
            begin_sending(actor=actor, at=at, refund_id=refund.id, available_pence=available)
        raise RefundStuck("what can be refunded has changed")
    mark_refund_failed(actor=actor, at=at, refund_id=refund.id)


def _require_no_unlisted_refund(refund: Refund, available: int) -> None:
    """Check that the sum did not fall by just this refund, whose entry in the list may be late.

    Raises:
        RefundStuck: It did: ask again when the list has caught up.
    """
    if refund.available_pence is not None and refund.available_pence - available == (
        refund.amount_pence
    ):
        raise RefundStuck("the list of refunds lags behind")


def _find_unknown_refund(refund: Refund) -> CardRefund | None:
    """Return the refund of this amount at GOV.UK Pay that none of ours stands for, if any."""
    known = set(
        Refund.objects.filter(attempt_provider_id=refund.attempt_provider_id).values_list(
            "provider_refund_id", flat=True
        )
    )
    # None of ours has its id: it is the one whose answer was lost, if the amount is the same.
    for card_refund in gateway.list_refunds(refund.attempt_provider_id):
        is_ours = card_refund.refund_id not in known
        if is_ours and card_refund.amount_pence == refund.amount_pence:
            return card_refund
    return None


def _mark_failed(refund: Refund, at: datetime) -> None:
    refund.state = RefundState.FAILED
    refund.save()
    list_difference(
        "refund_failed",
        at=at,
        force=refund.force,
        provider_id=refund.provider_refund_id or refund.attempt_provider_id,
        payment=refund.payment,
        our_pence=refund.amount_pence,
        their_pence=0,
    )
