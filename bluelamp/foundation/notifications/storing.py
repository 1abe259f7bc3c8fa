"""Storing a message together with the job that sends it."""

from django.db import IntegrityError, transaction

from bluelamp.foundation.audit.acts import require_command
from bluelamp.foundation.kernel.jobs.queues import enqueue
from bluelamp.foundation.notifications.models import Message
from bluelamp.foundation.notifications.rules import URGENT_TEMPLATES


def store_message(message: Message) -> Message:
    """Store a message and queue it, as part of another command.

    Returns:
        The message, or the one from before under the same idempotency key.
    """
    require_command()
    try:
        # A savepoint: after a unique index refused the row, the caller's transaction goes on.
        with transaction.atomic():
            message.save(force_insert=True)
    except IntegrityError:
        return Message.objects.get(idempotency_key=message.idempotency_key)
    is_urgent = message.template in URGENT_TEMPLATES
    name = "notifications.send_code" if is_urgent else "notifications.send"
    enqueue(name, message_id=str(message.id))
    return message
