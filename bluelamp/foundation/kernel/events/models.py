"""The outbox, and what became of each event at each subscriber."""

from typing import ClassVar

from django.db import models

from bluelamp.foundation.kernel.record import Handling, Record


class OutboxEvent(Record):
    """A published event, written in the transaction that made it true."""

    handling: ClassVar = Handling(
        classification="OFFICIAL-SENSITIVE",
        retention="90-days",
        export=False,
        counted_from="at",
    )
    name = models.CharField(max_length=80)
    payload = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)


class EventDelivery(Record):
    """One event's delivery to one subscriber."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DELIVERED = "delivered", "Delivered"
        FAILED = "failed", "Failed"

    handling: ClassVar = Handling(
        classification="OFFICIAL", retention="90-days", export=False, counted_from="created_at"
    )
    event = models.ForeignKey(OutboxEvent, on_delete=models.CASCADE, related_name="deliveries")
    subscriber = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    # the kind of fault and where it was raised, never its message: that may name a person
    last_error = models.CharField(max_length=200, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    last_attempt_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "subscriber"], name="event_delivery_once_each")
        ]
        indexes = [
            # few rows: most deliveries succeed at the first attempt
            models.Index(
                fields=["created_at"],
                condition=~models.Q(state="delivered"),
                name="event_delivery_open",
            )
        ]
