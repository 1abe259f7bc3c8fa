"""Webhooks: a signed message makes us ask GOV.UK Pay. What it says itself is not believed.

So it does no harm if one is lost, comes twice, comes late or before another one.
"""

import hmac
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.foundation.kernel.jobs.queues import Queue, enqueue, job
from bluelamp.foundation.payments import gateway
from bluelamp.foundation.payments.commands.actors import system_actor
from bluelamp.foundation.payments.commands.following import follow_attempt
from bluelamp.foundation.payments.commands.paying import record_card_payment
from bluelamp.foundation.payments.commands.sending_refunds import follow_refund
from bluelamp.foundation.payments.models import PaymentAttempt, Refund, WebhookMessage
from bluelamp.foundation.payments.rules import RefundState

# Anybody can send one: no more than this is read before its signature is.
MAX_BODY_BYTES = 100_000


def is_signed(body: bytes, signature: str, *, secret: str) -> bool:
    """Say whether a message has the signature that its `Pay-Signature` header should hold.

    It is the HMAC-SHA256 of the raw body under the signing secret, in lower-case hexadecimal
    (https://docs.payments.service.gov.uk/webhooks/).
    """
    # Without a secret nothing is signed: an empty one would sign for anybody.
    if not secret:
        return False
    expected = hmac.new(secret.encode(), body, "sha256").hexdigest()
    # In constant time: how long it takes must not say how much of a guess was right.
    return hmac.compare_digest(expected.encode(), signature.strip().encode())


@command(permission="payment.process", act="payment.webhook_received", category=Category.COLLECTION)
def receive_webhook(*, actor: Actor, at: datetime, body: bytes, signature: str) -> bool:
    """Take a message once, and have GOV.UK Pay asked about its payment soon after.

    Returns:
        Whether it was new.

    Raises:
        NotPermitted: The signature is wrong, or we take no webhooks.
        Refused: It is signed and not what the documentation says.
    """
    if not is_signed(body, signature, secret=gateway.webhook_secret()):
        raise NotPermitted("a webhook message without our signature")
    message = _parse_message(body, at)
    try:
        # A savepoint: after the unique index refused the row, the transaction goes on.
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        is_new = False
    else:
        is_new = True
        enqueue("payments.process_webhook", message_id=str(message.id))
    record_act(None, ref=message.provider_id, detail={"type": message.event_type, "new": is_new})
    return is_new


def process_webhook(*, at: datetime, message_id: UUID) -> None:
    """Ask GOV.UK Pay about the payment of a message, and record what it says.

    Raises:
        gateway.NotSetUp, gateway.Unavailable: Try again later.
    """
    message = WebhookMessage.objects.get(id=message_id)
    # The queue delivers a job at least once.
    if message.processed_at is not None:
        return
    attempt = PaymentAttempt.objects.filter(provider_id=message.provider_id).first()
    if attempt is None:
        _adopt_card_payment(at, message.provider_id)
    else:
        follow_attempt(at=at, attempt_id=attempt.id)
        _follow_refunds(at, message.provider_id)
    mark_processed(actor=system_actor(""), at=at, message_id=message_id)


@command(permission="payment.process", act="payment.webhook_processed")
def mark_processed(*, actor: Actor, at: datetime, message_id: UUID) -> None:
    """Record that GOV.UK Pay was asked what a message was about."""
    WebhookMessage.objects.filter(id=message_id).update(processed_at=at)
    record_act(None, ref=str(message_id))


@job(name="payments.process_webhook", queue=Queue.MESSAGES, attempts=12)
def process_webhook_job(*, message_id: str) -> None:
    """Process a message; try again, ever later, while GOV.UK Pay is busy or out of reach."""
    process_webhook(at=now(), message_id=UUID(message_id))


def _parse_message(body: bytes, at: datetime) -> WebhookMessage:
    try:
        content: Any = json.loads(body)
        # Its documentation calls the id by both names.
        message_id = str(content.get("webhook_message_id") or content["id"])
        provider_id, event_type = str(content["resource_id"]), str(content["event_type"])
    except (ValueError, KeyError, AttributeError, TypeError):
        raise Refused("payments.webhook_malformed") from None
    # The columns' length: signed or not, nothing that is longer is theirs.
    if max(len(message_id), len(provider_id), len(event_type)) > 60:
        raise Refused("payments.webhook_malformed")
    return WebhookMessage(
        message_id=message_id, event_type=event_type, provider_id=provider_id, received_at=at
    )


def _adopt_card_payment(at: datetime, provider_id: str) -> None:
    """Record a payment that we know only from a webhook, because its creation was never answered.

    Our own id in its metadata says which try it is. Anything else is left to the comparison.
    """
    try:
        card = gateway.get_payment(provider_id)
        attempt_id = UUID(card.attempt_id)
    # Somebody else's payment with the same service, or one that was made by hand.
    except (gateway.ProviderRefused, ValueError):
        return
    attempt = PaymentAttempt.objects.select_related("payment").filter(id=attempt_id).first()
    if attempt:
        actor = system_actor(attempt.payment.force)
        record_card_payment(actor=actor, at=at, attempt_id=attempt_id, card=card)


def _follow_refunds(at: datetime, provider_id: str) -> None:
    refunds = Refund.objects.filter(attempt_provider_id=provider_id, state=RefundState.SENT)
    for refund_id in refunds.values_list("id", flat=True):
        follow_refund(at=at, refund_id=refund_id)
