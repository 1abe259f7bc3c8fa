"""Finish what nobody came back for: tries left open, answers and webhooks that never came."""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.jobs.queues import Queue, job, periodic
from bluelamp.foundation.payments import gateway
from bluelamp.foundation.payments.commands.actors import system_actor
from bluelamp.foundation.payments.commands.paying import (
    cancel_attempt,
    find_card_payment,
    mark_attempt_lost,
    note_unknown_attempt,
    record_card_payment,
    to_open_attempt,
)
from bluelamp.foundation.payments.commands.sending_refunds import (
    RefundStuck,
    follow_refund,
    note_refund_tried,
    send_refund,
)
from bluelamp.foundation.payments.models import PaymentAttempt, Refund
from bluelamp.foundation.payments.rules import PaymentState, RefundState

EXPIRY = timedelta(minutes=90)
"""GOV.UK Pay ends a payment that nobody completed by then: its API reference, P0020."""
# Before that most payers are still typing in their card.
_FIRST_CHECK = timedelta(minutes=5)
# A search may lag behind, and their clock differ from ours.
_LOST_AFTER = EXPIRY + timedelta(minutes=5)
# So that one run ends before the next begins, with a second for each answer.
_MOST_AT_ONCE = 200

logger = logging.getLogger(__name__)


def follow_open_payments(*, at: datetime) -> int:
    """Read back every try that was left open and every refund on its way; return how many.

    It stops at the first that GOV.UK Pay cannot answer: the next run goes on.
    """
    attempts = PaymentAttempt.objects.filter(
        finished_at__isnull=True, opened_at__lte=at - _FIRST_CHECK
    )
    # Those longest without an answer first, so that no run leaves the same ones out; and before
    # them those that never had one, which PostgreSQL would put last.
    order = (F("checked_at").asc(nulls_first=True), "opened_at")
    attempt_ids = list(attempts.order_by(*order).values_list("id", flat=True)[:_MOST_AT_ONCE])
    refunds = Refund.objects.filter(state__in=[RefundState.APPROVED, RefundState.SENT]).exclude(
        attempt_provider_id=""
    )
    refund_order = (F("checked_at").asc(nulls_first=True), "decided_at")
    refund_ids = list(refunds.order_by(*refund_order).values_list("id", flat=True)[:_MOST_AT_ONCE])
    count = 0
    try:
        for attempt_id in attempt_ids:
            count += follow_attempt(at=at, attempt_id=attempt_id)
        for refund_id in refund_ids:
            count += _follow_open_refund(at=at, refund_id=refund_id)
    except (gateway.NotSetUp, gateway.Unavailable) as fault:
        logger.warning("GOV.UK Pay could not be asked about open payments: %s", fault)
    return count


def _follow_open_refund(*, at: datetime, refund_id: UUID) -> bool:
    """Bring one refund on, and say whether there was an answer."""
    force = Refund.objects.values_list("force", flat=True).get(id=refund_id)
    # Before it is tried: one that stops the run must not be the first of the next run too.
    note_refund_tried(actor=system_actor(force), at=at, refund_id=refund_id)
    try:
        send_refund(at=at, refund_id=refund_id)
        follow_refund(at=at, refund_id=refund_id)
    except gateway.ProviderRefused as refusal:
        # As for a try that it does not know: the others must not wait for this one for ever.
        logger.warning("GOV.UK Pay does not know an open refund: %s", refusal)
        return False
    except RefundStuck as stuck:
        # It answered, so the service is there: the others need not wait for the next run.
        logger.warning("A refund waits: %s", stuck)
        return False
    return True


def follow_attempt(*, at: datetime, attempt_id: UUID) -> bool:
    """Read back one try that is open, and say whether there was an answer.

    Raises:
        gateway.NotSetUp, gateway.Unavailable: Try again later.
    """
    attempt = PaymentAttempt.objects.select_related("payment").get(id=attempt_id)
    if attempt.finished_at is not None:
        return True
    opened = to_open_attempt(attempt)
    actor = system_actor(opened.force)
    try:
        card = (
            gateway.get_payment(opened.provider_id)
            if opened.provider_id
            else find_card_payment(opened)
        )
    except gateway.ProviderRefused as refusal:
        # As after a change of the key. The daily comparison lists it.
        note_unknown_attempt(actor=actor, at=at, attempt_id=attempt_id)
        logger.warning("GOV.UK Pay does not know an open payment: %s", refusal)
        return False
    if card:
        record_card_payment(actor=actor, at=at, attempt_id=attempt_id, card=card)
    elif at - attempt.opened_at > _LOST_AFTER:
        mark_attempt_lost(actor=actor, at=at, attempt_id=attempt_id)
    else:
        # Not there yet. Until it is lost it lets the others go first.
        note_unknown_attempt(actor=actor, at=at, attempt_id=attempt_id)
    return True


@periodic(cron="*/10 * * * *", name="payments.sweep", queue=Queue.BULK)
def follow_open_payments_every_ten_minutes() -> None:
    """Read back every payment and refund that was left open."""
    follow_open_payments(at=now())


@job(name="payments.cancel_open_attempt", queue=Queue.MESSAGES, attempts=12)
def cancel_open_attempt(*, payment_id: str) -> None:
    """Cancel the try that is open for a payment that was paid another way meanwhile."""
    attempt = (
        PaymentAttempt.objects.filter(payment_id=payment_id, finished_at__isnull=True)
        .select_related("payment")
        .first()
    )
    # Looked at again: the job waited, and the payment may be due once more.
    if attempt and attempt.payment.state != PaymentState.DUE:
        cancel_attempt(at=now(), attempt=to_open_attempt(attempt))
