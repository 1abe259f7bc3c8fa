"""What became of a message, in the words of the desk."""

from datetime import datetime
from typing import Protocol

from bluelamp.foundation.kernel.clock import london_date
from bluelamp.web.formats import format_date_time

STATE_LABELS = {
    "waiting": "Waiting to be sent",
    "paused": "Not sent: no message service is set up",
    "sent": "Sent. We don’t know yet if it arrived",
    "delivered": "It arrived",
    "not delivered": "It did not arrive",
    "refused": "The message service refused it",
    "cancelled": "Cancelled",
}
# The statuses of GOV.UK Notify that end badly; any other reason is a sentence already.
REASON_LABELS = {
    "permanent-failure": "The address or phone number does not exist",
    "temporary-failure": "The inbox was full or the phone was switched off",
    "technical-failure": "The message service had a technical problem",
    "cancelled": "The letter was cancelled at the message service",
    "validation-failed": "The message service could not print the letter",
    "virus-scan-failed": "The message service found a virus in the letter",
    "returned-letter": "The letter came back. They may have moved",
}


class SentMessage(Protocol):
    """What is known of a message: one of `Message.State`, when it was sent, and why it failed."""

    @property
    def state(self) -> str: ...
    @property
    def sent_at(self) -> datetime | None: ...
    @property
    def failure_reason(self) -> str: ...


def describe_message(message: SentMessage, *, at: datetime) -> list[str]:
    """Return what became of a message, as lines that staff read."""
    lines = [STATE_LABELS[message.state]]
    if message.sent_at:
        sent = format_date_time(message.sent_at, today=london_date(at))
        lines.append(f"Sent {sent}")
    if message.failure_reason:
        lines.append(REASON_LABELS.get(message.failure_reason, message.failure_reason))
    return lines
