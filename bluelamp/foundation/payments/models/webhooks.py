"""Messages that GOV.UK Pay sent us."""

from typing import ClassVar

from django.db import models

from bluelamp.foundation.kernel.record import Handling, Record


class WebhookMessage(Record):
    """A signed message that something happened to a payment. Nothing in it is believed.

    Only what tells us where to look is stored, not the payer's details in it.
    """

    handling: ClassVar = Handling(
        classification="OFFICIAL", retention="90-days", export=False, counted_from="received_at"
    )

    # GOV.UK Pay sends a message again until it is answered: the second is not stored.
    message_id = models.CharField(max_length=100, unique=True)
    event_type = models.CharField(max_length=60)
    provider_id = models.CharField(max_length=64, help_text="Of the payment that it is about.")
    received_at = models.DateTimeField()
    processed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.event_type} {self.message_id}"
