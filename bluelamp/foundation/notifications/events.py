"""Events of notifications: what became of a message."""

from typing import ClassVar
from uuid import UUID

from bluelamp.foundation.kernel.events.event import Event


class MessageNotDelivered(Event):
    """A message will not arrive: its address is wrong or the service refused it."""

    name: ClassVar = "notifications.message_not_delivered.v1"
    message_id: UUID
    reference: str
    template: str
