"""What is done with messages: request one, send it, learn what became of it, deal with failures."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from bluelamp.foundation.accounts.events import SignInChanged
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.events.outbox import publish, subscribe
from bluelamp.foundation.kernel.jobs.queues import Queue, enqueue, job
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.foundation.notifications import gateway
from bluelamp.foundation.notifications.encryption import (
    CannotDecrypt,
    decrypt_secrets,
    encrypt_secrets,
    remove_secrets,
)
from bluelamp.foundation.notifications.events import MessageNotDelivered
from bluelamp.foundation.notifications.lookups import placeholders_of
from bluelamp.foundation.notifications.models import FINAL_STATES, Message, UndeliveredMessage
from bluelamp.foundation.notifications.policy import undelivered_message_policy
from bluelamp.foundation.notifications.rules import (
    ENGLISH,
    MAX_ATTEMPTS,
    address_kind,
    is_retryable,
    require_language,
)
from bluelamp.foundation.notifications.sign_in_notices import make_sign_in_notice
from bluelamp.foundation.notifications.storing import store_message

UNSENT_STATES = {Message.State.WAITING, Message.State.PAUSED}
MAX_NOTE_LENGTH = 500


class RetryLater(Exception):
    """The message service is busy, or has no news yet. The job queue tries again later."""


def system_actor(force: str) -> Actor:
    """Return the system actor that sends and follows messages."""
    return Actor.system("notifications", force=force, permissions={"notification.send"})


@command(permission="notification.send", act="message.asked_for")
def send_message(
    *,
    actor: Actor,
    at: datetime,
    to: str,
    template: str,
    personalisation: dict[str, Any],
    reference: str = "",
    idempotency_key: str = "",
    language: str = ENGLISH,
) -> Message:
    """Store a message and queue it; it is sent soon after this transaction.

    It becomes an e-mail, a text or a letter by what `to` looks like. Secrets in it are encrypted
    until it is sent.

    Args:
        actor: Who sends it.
        at: The time.
        to: An e-mail address, a UK mobile number, or a postal address (`rules.postal_address`).
        template: The name of the template.
        personalisation: The value of each placeholder: text or a list of text.
        reference: What it is about: a report or crime number.
        idempotency_key: Names the occasion. Requested again under the same key, the first message
            is returned and nothing more is sent.
        language: Which of the template's languages to send, "en" or "cy".

    Raises:
        Refused: Nobody can be reached at `to`.
        ValueError: There is no such template, or a placeholder has no value.
    """
    to = to.strip()
    kind = address_kind(to)
    if not kind:
        raise Refused("notifications.address_invalid", field="to")
    try:
        names = placeholders_of(template, kind, language)
    except FileNotFoundError:
        raise ValueError(f"there is no {kind} template named {template!r}") from None
    if missing := [name for name in names if name not in personalisation]:
        raise ValueError(f"{template!r} needs {', '.join(missing)}")
    # Values that this kind of template does not use are not stored.
    values = {name: personalisation[name] for name in names}
    message = store_message(
        Message(
            force=actor.force,
            to=to,
            kind=kind,
            template=template,
            language=require_language(language),
            reference=reference,
            # None and not "": the column is unique, and only NULL may be there more than once.
            idempotency_key=idempotency_key or None,
            requested_at=at,
            personalisation=encrypt_secrets(values, template=template),
        )
    )
    record_act(message, ref=reference, detail={"template": template, "kind": kind})
    return message


def send_message_or_list_undelivered(
    *,
    actor: Actor,
    at: datetime,
    to: str,
    template: str,
    personalisation: dict[str, Any],
    reference: str = "",
    idempotency_key: str = "",
    language: str = ENGLISH,
) -> Message | None:
    """Send a message as `send_message` does; list it as undelivered if the address is no address.

    For messages that nobody is there to correct the address of.

    Returns:
        The message, or None if it was listed as undelivered.
    """
    try:
        return send_message(
            actor=actor,
            at=at,
            to=to,
            template=template,
            personalisation=personalisation,
            reference=reference,
            idempotency_key=idempotency_key,
            language=language,
        )
    except Refused:
        list_unsent_message(
            actor=actor,
            at=at,
            to=to,
            template=template,
            reference=reference,
            idempotency_key=idempotency_key,
            reason="This is not an email address, a UK mobile number or a whole postal address",
        )
        return None


@command(permission="notification.send", act="message.not_sendable")
def list_unsent_message(
    *,
    actor: Actor,
    at: datetime,
    to: str,
    template: str,
    reference: str,
    idempotency_key: str,
    reason: str,
) -> None:
    """List news that no message can bring to somebody, for staff to deal with.

    Args:
        to: The address as it was given, "" where it must not be used.
        template: The message that would have been sent.
        reference: What it is about: a report or crime number.
        idempotency_key: Names the occasion: listed twice, it is there once.
        reason: Why it cannot be sent, as a sentence for staff.
    """
    fields = {
        "force": actor.force,
        # The length of the column. What was entered may be anything.
        "to": to[:250],
        "template": template,
        "reference": reference,
        "reason": reason,
        "failed_at": at,
    }
    if idempotency_key:
        row, _ = UndeliveredMessage.objects.get_or_create(
            idempotency_key=idempotency_key, defaults=fields
        )
    else:
        row = UndeliveredMessage.objects.create(**fields)
    record_act(row, ref=reference, detail={"template": template})


@command(permission="notification.send", act="message.sent", category=Category.DISCLOSURE)
def send_waiting_message(*, actor: Actor, at: datetime, message_id: UUID) -> Message:
    """Give a waiting message to the message service.

    Afterwards its state is SENT, WAITING (try again), PAUSED (no service is set up) or REFUSED.
    Once it is sent or refused, its secrets are deleted.

    The row is locked meanwhile, so that two workers cannot both send it. If the process dies after
    the service took the message and before this commits, the next attempt finds it there under its
    reference and does not send it again.

    Raises:
        NotFound: There is no such message.
    """
    message = _lock_message(message_id)
    # Otherwise another worker sent it while this one waited for the lock.
    if message.state in UNSENT_STATES:
        message.attempts += 1
        try:
            message.notify_id = gateway.send(
                kind=message.kind,
                to=message.to,
                template=message.template,
                language=message.language,
                personalisation=decrypt_secrets(message.personalisation, template=message.template),
                reference=str(message.id),
            )
        except gateway.NotSetUp as problem:
            message.state = Message.State.PAUSED
            message.failure_reason = str(problem)
        except CannotDecrypt as problem:
            _mark_refused(message, str(problem))
        except gateway.NotSent as problem:
            if message.attempts >= MAX_ATTEMPTS or not is_retryable(problem.status):
                _mark_refused(message, str(problem))
            else:
                message.state = Message.State.WAITING
                message.failure_reason = str(problem)[:500]
        else:
            message.state = Message.State.SENT
            message.sent_at = at
            message.failure_reason = ""
            name = "poll_letter" if message.kind == Message.Kind.LETTER else "poll_delivery"
            enqueue(f"notifications.{name}", message_id=str(message.id))
        if message.state not in UNSENT_STATES:
            message.personalisation = remove_secrets(
                message.personalisation, template=message.template
            )
        message.save()
    record_act(
        message, ref=message.reference, detail={"state": message.state, "attempt": message.attempts}
    )
    return message


@command(permission="notification.send", act="message.followed")
def poll_delivery(*, actor: Actor, at: datetime, message_id: UUID) -> Message:
    """Ask the message service whether a sent message arrived.

    Its state stays SENT while the service does not know yet.

    Raises:
        NotFound: There is no such message.
    """
    message = _lock_message(message_id)
    if message.state == Message.State.SENT and message.notify_id:
        try:
            status = gateway.get_status(notify_id=message.notify_id)
        except (gateway.NotSetUp, gateway.NotSent) as problem:
            # No answer is no news: the job asks again later.
            status = ""
            message.failure_reason = str(problem)[:500]
        if state := FINAL_STATES.get(status):
            message.state = state
            message.failure_reason = "" if state == Message.State.DELIVERED else status
            if state == Message.State.NOT_DELIVERED:
                _publish_not_delivered(message)
        message.save()
    record_act(message, ref=message.reference, detail={"state": message.state})
    return message


# A lane of their own for codes, which a hundred receipts cannot hold up.
@job(name="notifications.send_code", queue=Queue.CODES, attempts=MAX_ATTEMPTS)
@job(name="notifications.send", queue=Queue.MESSAGES, attempts=MAX_ATTEMPTS)
def send_waiting_message_job(*, message_id: str) -> None:
    """Send a message; try again, ever later, while the service is busy or out of reach."""
    force = Message.objects.values_list("force", flat=True).get(id=message_id)
    message = send_waiting_message(actor=system_actor(force), at=now(), message_id=UUID(message_id))
    if message.state == Message.State.WAITING:
        raise RetryLater(message.failure_reason)


# Below sending: news of old messages must not hold up a receipt. A letter is printed in the
# evening: 19 tries, each twice as long after the last, go on for six days. Notify forgets it after
# seven.
@job(name="notifications.poll_letter", queue=Queue.MESSAGES, attempts=19, priority=-5)
@job(name="notifications.poll_delivery", queue=Queue.MESSAGES, attempts=9, priority=-5)
def poll_delivery_job(*, message_id: str) -> None:
    """Ask whether a message arrived; try again, ever later, while there is no news."""
    force = Message.objects.values_list("force", flat=True).get(id=message_id)
    message = poll_delivery(actor=system_actor(force), at=now(), message_id=UUID(message_id))
    if message.state == Message.State.SENT:
        raise RetryLater("no news of the message yet")


@subscribe(MessageNotDelivered, name="notifications.list_undelivered", queue=Queue.MESSAGES)
def add_undelivered_message(event: MessageNotDelivered) -> None:
    """List a message that did not arrive, for staff to deal with."""
    message = Message.objects.get(id=event.message_id)
    _record_undelivered_message(
        actor=system_actor(message.force), at=now(), message_id=event.message_id
    )


@command(permission="notification.send", act="message.not_delivered")
def _record_undelivered_message(*, actor: Actor, at: datetime, message_id: UUID) -> None:
    message = _lock_message(message_id)
    # An event can come twice.
    row, _ = UndeliveredMessage.objects.get_or_create(
        message=message,
        defaults={
            "force": message.force,
            "to": message.to,
            "template": message.template,
            "reference": message.reference,
            "reason": message.failure_reason,
            "failed_at": at,
        },
    )
    record_act(row, ref=message.reference, detail={"reason": message.failure_reason})


@command(permission="notification.send", act="message.cancelled")
def cancel_waiting_messages(*, actor: Actor, at: datetime, references: Sequence[str]) -> int:
    """Cancel the messages about these references that were not sent yet; return how many.

    For somebody who has just said that it is no longer safe to contact them.
    """
    waiting = Message.objects.select_for_update().filter(
        force=actor.force, reference__in=references, state__in=UNSENT_STATES
    )
    # Locked in one order, so that two of these cannot wait for each other.
    messages = list(waiting.order_by("id"))
    for message in messages:
        message.state = Message.State.CANCELLED
        message.failure_reason = "It is no longer safe to contact them"
        message.personalisation = remove_secrets(message.personalisation, template=message.template)
        message.save(update_fields=["state", "failure_reason", "personalisation"])
    record_act(None, ref=", ".join(references), detail={"count": len(messages)})
    return len(messages)


@command(permission="notification.follow_up", act="message.dealt_with")
def mark_message_dealt_with(
    *, actor: Actor, at: datetime, undelivered_id: UUID, note: str = ""
) -> None:
    """Record that somebody dealt with an undelivered message. A second time changes nothing.

    Args:
        actor: The member of staff.
        at: The time.
        undelivered_id: The id of the undelivered message.
        note: What they did about it.

    Raises:
        NotFound: There is no such undelivered message of the actor's force.
        Refused: The note is too long.
    """
    note = clean_text(note, max_length=MAX_NOTE_LENGTH, field="note", label="notifications.note")
    row = undelivered_message_policy.get(actor, lock=True, id=undelivered_id)
    if row.dealt_with_at is None:
        row.dealt_with_at = at
        row.dealt_with_by_id = actor.id
        row.note = note
        row.save()
    record_act(row, ref=row.reference)


@subscribe(SignInChanged, name="notifications.send_sign_in_notice", queue=Queue.MESSAGES)
def send_sign_in_notice(event: SignInChanged) -> None:
    """Tell a person by e-mail that how they sign in was changed."""
    if notice := make_sign_in_notice(event):
        send_message_or_list_undelivered(at=now(), **notice)


def _lock_message(message_id: UUID) -> Message:
    try:
        return Message.objects.select_for_update().get(id=message_id)
    except Message.DoesNotExist:
        raise NotFound("There is no such message.") from None


def _mark_refused(message: Message, reason: str) -> None:
    message.state = Message.State.REFUSED
    # The column's length.
    message.failure_reason = reason[:500]
    _publish_not_delivered(message)


def _publish_not_delivered(message: Message) -> None:
    publish(
        MessageNotDelivered(
            message_id=message.id, reference=message.reference, template=message.template
        )
    )
