"""The messages we were asked to send, and what became of each."""

from typing import ClassVar

from django.db import models

from bluelamp.foundation.kernel.record import Handling, Record


class Message(Record):
    """One e-mail or text to one address."""

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE", retention="messages-2-years", export=True
    )

    class Kind(models.TextChoices):
        EMAIL = "email"
        SMS = "sms"

    class State(models.TextChoices):
        WAITING = "waiting"
        HELD = "held", "held: no message service is set up"
        SENT = "sent"
        DELIVERED = "delivered"
        NOT_DELIVERED = "not delivered"
        REFUSED = "refused", "refused by the message service"

    force = models.CharField(max_length=4)
    to = models.CharField(max_length=250)
    kind = models.CharField(max_length=5, choices=Kind)
    template = models.CharField(max_length=60)
    personalisation = models.JSONField(
        default=dict
    )  # secrets in it are `sealed` until sent, then taken out
    reference = models.CharField(
        max_length=100, blank=True, help_text="What it is about: a report or crime number."
    )
    once = models.CharField(
        max_length=200, null=True, unique=True, help_text="Asked for twice, sent once."
    )
    state = models.CharField(max_length=13, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    why_not = models.CharField(max_length=500, blank=True)
    notify_id = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["reference", "asked_at"])]
        constraints = [
            models.CheckConstraint(
                name="message_sent_has_notify_id",
                condition=~models.Q(state__in=["sent", "delivered", "not delivered"])
                | models.Q(notify_id__isnull=False, sent_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.template} ({self.kind})"
