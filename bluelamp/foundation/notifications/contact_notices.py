"""Tell an e-mail address or a mobile number that we no longer write to it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import require_command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.notifications.commands import send_message_or_list_undelivered
from bluelamp.foundation.notifications.rules import ENGLISH, address_kind

TEMPLATE = "contact-changed"


def tell_former_addresses(
    *,
    actor: Actor,
    at: datetime,
    addresses: Iterable[str],
    change_id: UUID,
    reference: str,
    force_name: str,
    language: str = ENGLISH,
) -> int:
    """Tell somebody's former addresses that they were replaced, as part of a command.

    Whoever changes an address to their own would otherwise get the codes unseen. The message names
    nothing: it may be read by whoever has the address now.

    Args:
        actor: A part of the program that may send messages.
        at: The time.
        addresses: E-mail addresses and phone numbers. A landline gets nothing.
        change_id: The change. One address gets one message for it, whichever services ask.
        reference: For our own list of messages; it is not in the message.
        force_name: Who the message is from, as its reader knows us.
        language: Which language to write in.

    Returns:
        To how many addresses a message goes.
    """
    require_command()
    count = 0
    for address in addresses:
        kind = address_kind(address)
        if not kind:
            continue
        send_message_or_list_undelivered(
            actor=actor,
            at=at,
            to=address,
            template=TEMPLATE,
            reference=reference,
            idempotency_key=f"contact changed {change_id} {kind}",
            language=language,
            personalisation={"force": force_name},
        )
        count += 1
    return count
