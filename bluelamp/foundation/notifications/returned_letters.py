"""Letters that the post brought back: GOV.UK Notify tells us, weeks after it sent them.

By then it no longer answers for the letter, so there is nothing to ask it: what it says counts. It
says who it is with a token that we chose and set there.
"""

import hmac
import json
from datetime import datetime
from uuid import UUID

from django.conf import settings

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.foundation.kernel.events.outbox import publish
from bluelamp.foundation.notifications.events import MessageNotDelivered
from bluelamp.foundation.notifications.models import Message

# Anybody can send one: no more than this is read before its token is.
MAX_BODY_BYTES = 100_000
RETURNED = "returned-letter"
# As Notify itself asks of a token.
_MIN_TOKEN_LENGTH = 10


def is_authorised(authorization: str) -> bool:
    """Say whether an `Authorization` header has the token that we set at Notify."""
    token: str = settings.BLUELAMP_NOTIFY_CALLBACK_TOKEN
    # Without a token nobody is authorised: an empty one would let anybody in.
    if len(token) < _MIN_TOKEN_LENGTH:
        return False
    # In constant time: how long it takes must not say how much of a guess was right.
    return hmac.compare_digest(f"Bearer {token}".encode(), authorization.strip().encode())


@command(
    permission="notification.send", act="message.letter_returned", category=Category.COLLECTION
)
def receive_returned_letter(*, actor: Actor, at: datetime, body: bytes, authorization: str) -> bool:
    """Note that a letter came back, and list it for staff to deal with. Told twice, it is once.

    Returns:
        Whether it is a letter of ours that we did not know had come back.

    Raises:
        NotPermitted: The token is wrong, or we have set none.
        Refused: It is not what Notify's documentation says.
    """
    if not is_authorised(authorization):
        raise NotPermitted("a message about a returned letter without our token")
    notify_id = _read_notify_id(body)
    # Locked: Notify sends it again while the first is still being stored.
    message = (
        Message.objects.select_for_update()
        .filter(notify_id=notify_id, kind=Message.Kind.LETTER)
        .first()
    )
    # A letter that somebody wrote by hand at Notify is none of ours, and no reason to send again.
    is_news = message is not None and message.state != Message.State.NOT_DELIVERED
    if message is not None and is_news:
        message.state = Message.State.NOT_DELIVERED
        message.failure_reason = RETURNED
        message.save(update_fields=["state", "failure_reason"])
        publish(
            MessageNotDelivered(
                message_id=message.id, reference=message.reference, template=message.template
            )
        )
    record_act(message, ref=message.reference if message else "", detail={"new": is_news})
    return is_news


def _read_notify_id(body: bytes) -> UUID:
    try:
        return UUID(str(json.loads(body)["notification_id"]))
    except (ValueError, KeyError, TypeError):
        raise Refused("notifications.callback_wrong") from None
