"""Which numbers our texts do not reach, by what GOV.UK Notify said of earlier ones."""

from bluelamp.foundation.audit.acts import read_within_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.notifications.models import Message
from bluelamp.foundation.notifications.rules import address_kind

NO_SUCH_NUMBER = "permanent-failure"
"""Notify's status where the network says that nobody has a number. A phone that is switched off or
full is a temporary failure: the next text may reach it."""


@read_within_act
def has_texts_failed(*, actor: Actor, to: str, reference: str) -> bool:
    """Return whether the newest text whose fate is known says that nobody has the number.

    Args:
        actor: Who asks.
        to: The address: false for any that is no mobile number.
        reference: What the texts were about: a report, a crime number, an application.
    """
    if address_kind(to) != Message.Kind.SMS:
        return False
    fates = Message.objects.filter(
        force=actor.force,
        reference=reference,
        to=to,
        state__in=(Message.State.DELIVERED, Message.State.NOT_DELIVERED),
    )
    newest = fates.order_by("-requested_at", "-id").first()
    return (
        newest is not None
        and newest.state == Message.State.NOT_DELIVERED
        and newest.failure_reason == NO_SUCH_NUMBER
    )
