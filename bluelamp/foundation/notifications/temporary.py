"""Messages to an address that somebody gave for one thing only, and what became of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bluelamp.foundation.audit.acts import read_within_act, require_command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.notifications.commands import send_message
from bluelamp.foundation.notifications.models import Message


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageFate:
    """What became of a message, without its address.

    Attributes:
        kind: "email", "sms" or "letter".
        state: One of `Message.State`.
        requested_at: When it was asked for.
        sent_at: When the message service took it; None before.
        failure_reason: A status of GOV.UK Notify, or a sentence; "" where nothing failed.
    """

    kind: str
    state: str
    requested_at: datetime
    sent_at: datetime | None
    failure_reason: str


def send_temporary_message(
    *,
    actor: Actor,
    at: datetime,
    to: str,
    template: str,
    personalisation: dict[str, Any],
    reference: str,
    delete_at: datetime,
    language: str,
) -> None:
    """Send a message inside a command, and keep its address no longer than to an instant.

    Raises:
        Refused: Nobody can be reached at `to`.
    """
    require_command()
    message = send_message(
        actor=actor,
        at=at,
        to=to,
        template=template,
        personalisation=personalisation,
        reference=reference,
        language=language,
    )
    message.delete_at = delete_at
    message.save(update_fields=["delete_at"])


@read_within_act
def list_message_fates(*, actor: Actor, reference: str, template: str) -> tuple[MessageFate, ...]:
    """Return what became of the messages of a template about one reference, the latest first."""
    messages = Message.objects.filter(force=actor.force, reference=reference, template=template)
    return tuple(_to_fate(message) for message in messages.order_by("-requested_at", "-id"))


@read_within_act
def find_message_fate(*, actor: Actor, idempotency_key: str) -> MessageFate | None:
    """Return what became of the message of an occasion; None where it is kept no longer."""
    message = Message.objects.filter(force=actor.force, idempotency_key=idempotency_key).first()
    return _to_fate(message) if message else None


def _to_fate(message: Message) -> MessageFate:
    return MessageFate(
        kind=message.kind,
        state=message.state,
        requested_at=message.requested_at,
        sent_at=message.sent_at,
        failure_reason=message.failure_reason,
    )
