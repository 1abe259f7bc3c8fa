"""What is done with messages: ask for one, send it, learn what became of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.jobs import enqueue, job
from bluelamp.foundation.kernel.outbox import announce
from bluelamp.foundation.notifications import gateway
from bluelamp.foundation.notifications.events import MessageNotDelivered
from bluelamp.foundation.notifications.models import Message
from bluelamp.foundation.notifications.queries import gaps_of
from bluelamp.foundation.notifications.rules import (
    MOST_ATTEMPTS,
    is_worth_trying_again,
    kind_of_address,
)
from bluelamp.foundation.notifications.sealed import CannotBeRead, sealed, unsealed, without_secrets

MAY_SEND = frozenset({"notification.send"})
ENDED = {
    "delivered": Message.State.DELIVERED,
    "permanent-failure": Message.State.NOT_DELIVERED,
    "temporary-failure": Message.State.NOT_DELIVERED,
    "technical-failure": Message.State.NOT_DELIVERED,
}


class TryAgain(Exception):
    """The message service is busy, or out of reach, or has no news yet; the job queue asks again
    later.
    """


def postman(force: str) -> Actor:
    """The system actor that asks for, sends and follows messages when no person does."""
    return Actor.system("notifications", force=force, permissions=MAY_SEND)


@command(may="notification.send", act="message.asked_for")
def send_message(
    *,
    actor: Actor,
    at: datetime,
    to: str,
    template: str,
    personalisation: dict[str, Any],
    reference: str = "",
    once: str = "",
) -> Message:
    """Keep a message and send it soon after this transaction; e-mail or text by what `to` looks
    like.

    `personalisation` fills the template's gaps with text or lists of text. `once` names the
    occasion: asked for again under the same name, the first message is returned and nothing more is
    sent. Secrets are kept unreadable until they are handed over (`sealed`). Refused beside `to` for
    an address that nobody can be reached at; ValueError for a template or a gap that is not there.
    """
    to = to.strip()
    kind = kind_of_address(to)
    if not kind:
        raise Refused(
            "Write an e-mail address like name@example.com, or a UK mobile number.", field="to"
        )
    try:
        needed = gaps_of(template, kind)
    except FileNotFoundError:
        raise ValueError(f"there is no {kind} template named {template!r}") from None
    if missing := [gap for gap in needed if gap not in personalisation]:
        raise ValueError(f"{template!r} needs {', '.join(missing)}")
    wanted = Message(
        force=actor.force, to=to, kind=kind, template=template, reference=reference, once=once or None, asked_at=at,
        personalisation=sealed({gap: personalisation[gap] for gap in needed}, template=template),
    )  # fmt: skip
    try:
        with transaction.atomic():
            wanted.save(force_insert=True)
    except IntegrityError:
        message = Message.objects.get(once=once)
    else:
        message = wanted
        enqueue("notifications.send", message_id=str(message.id))
    record_act(message, ref=reference, detail={"template": template, "kind": kind})
    return message


@command(may="notification.send", act="message.sent", category="disclosure")
def hand_over(*, actor: Actor, at: datetime, message_id: UUID) -> Message:
    """Hand a waiting message to the service. Its state then says: sent, waiting (try again), held
    or refused.

    Once it is sent or refused, its secrets are kept no longer.

    The row is locked meanwhile, so that two workers cannot both send it. Should the process die
    after the service took it and before this commits, the next attempt finds it there under its
    reference and does not send again.
    """
    message = _locked(message_id)
    if message.state in {Message.State.WAITING, Message.State.HELD}:
        message.attempts += 1
        try:
            message.notify_id = gateway.send(
                kind=message.kind, to=message.to, template=message.template,
                personalisation=unsealed(message.personalisation, template=message.template),
                reference=str(message.id),
            )  # fmt: skip
        except gateway.NotSetUp as problem:
            message.state, message.why_not = Message.State.HELD, str(problem)
        except CannotBeRead as problem:
            message.state, message.why_not = Message.State.REFUSED, str(problem)
            _tell(message)
        except gateway.NotSent as problem:
            message.why_not = str(problem)[:500]
            gives_up = message.attempts >= MOST_ATTEMPTS or not is_worth_trying_again(
                problem.status
            )
            message.state = Message.State.REFUSED if gives_up else Message.State.WAITING
            if gives_up:
                _tell(message)
        else:
            message.state, message.sent_at, message.why_not = Message.State.SENT, at, ""
            enqueue("notifications.follow", message_id=str(message.id))
        if message.state not in {Message.State.WAITING, Message.State.HELD}:
            message.personalisation = without_secrets(
                message.personalisation, template=message.template
            )
        message.save()
    record_act(
        message, ref=message.reference, detail={"state": message.state, "attempt": message.attempts}
    )
    return message


@command(may="notification.send", act="message.followed")
def follow(*, actor: Actor, at: datetime, message_id: UUID) -> Message:
    """Ask the service what became of a message that was sent. Its state stays «sent» while there is
    no news.
    """
    message = _locked(message_id)
    if message.state == Message.State.SENT and message.notify_id:
        try:
            status = gateway.status_of(notify_id=message.notify_id)
        except (gateway.NotSetUp, gateway.NotSent) as problem:
            status = ""
            message.why_not = str(problem)[:500]
        if ended := ENDED.get(status):
            message.state = ended
            message.why_not = "" if ended == Message.State.DELIVERED else status
            if ended == Message.State.NOT_DELIVERED:
                _tell(message)
        message.save()
    record_act(message, ref=message.reference, detail={"state": message.state})
    return message


@job(name="notifications.send", attempts=MOST_ATTEMPTS, urgency=10)
def send_soon(*, message_id: str) -> None:
    """Hand the message over; asked again with growing waits while the service is busy or out of
    reach.
    """
    force = Message.objects.values_list("force", flat=True).get(id=message_id)
    message = hand_over(actor=postman(force), at=now(), message_id=UUID(message_id))
    if message.state == Message.State.WAITING:
        raise TryAgain(message.why_not)


@job(name="notifications.follow", attempts=8, urgency=-10)
def follow_soon(*, message_id: str) -> None:
    """Learn whether the message arrived; asked again with growing waits while there is no news."""
    force = Message.objects.values_list("force", flat=True).get(id=message_id)
    message = follow(actor=postman(force), at=now(), message_id=UUID(message_id))
    if message.state == Message.State.SENT:
        raise TryAgain("no news of the message yet")


def _locked(message_id: UUID) -> Message:
    try:
        return Message.objects.select_for_update().get(id=message_id)
    except Message.DoesNotExist:
        raise NotFound("There is no such message.") from None


def _tell(message: Message) -> None:
    announce(
        MessageNotDelivered(
            message_id=message.id, reference=message.reference, template=message.template
        )
    )
