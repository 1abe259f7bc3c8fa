"""What became of a message, told to whoever asked for it."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MessageNotDelivered:
    """A message will not arrive: the address is wrong or the service refused it."""

    message_id: UUID
    reference: str
    template: str
