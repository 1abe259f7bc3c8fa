"""Failed deliveries of events: list them, and try them again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from bluelamp.foundation.kernel.database.write_guard import Exemption, writes_outside_commands
from bluelamp.foundation.kernel.errors import Conflict, NotFound
from bluelamp.foundation.kernel.events.models import EventDelivery
from bluelamp.foundation.kernel.events.outbox import subscribers
from bluelamp.foundation.kernel.jobs.queues import enqueue


@dataclass(frozen=True, slots=True)
class FailedDelivery:
    """A delivery that was tried as often as its subscriber allows. It names nobody."""

    id: UUID
    event: str
    subscriber: str
    attempts: int
    last_error: str
    published_at: datetime
    last_attempt_at: datetime | None


def failed_deliveries() -> list[FailedDelivery]:
    """Return the deliveries that failed and are not tried again by themselves, oldest first."""
    rows = EventDelivery.objects.filter(state=EventDelivery.State.FAILED).select_related("event")
    return [
        FailedDelivery(
            id=row.id,
            event=row.event.name,
            subscriber=row.subscriber,
            attempts=row.attempts,
            last_error=row.last_error,
            published_at=row.event.at,
            last_attempt_at=row.last_attempt_at,
        )
        for row in rows.order_by("created_at", "id")
    ]


def retry_delivery(delivery_id: UUID) -> None:
    """Queue a failed delivery anew, with all its attempts.

    Raises:
        NotFound: There is no such delivery.
        Conflict: It did not fail, or its subscriber no longer exists.
    """
    with transaction.atomic():
        # locked, so that two members of staff who retry it at once queue one job
        row = EventDelivery.objects.select_for_update().filter(id=delivery_id).first()
        if row is None:
            raise NotFound
        if row.state != EventDelivery.State.FAILED:
            raise Conflict("This delivery has not failed.")
        subscriber = next((s for s in subscribers() if s.name == row.subscriber), None)
        if subscriber is None:
            raise Conflict(f"Nothing is subscribed as {row.subscriber} any more.")
        row.state = EventDelivery.State.WAITING
        # From the start: a member of staff tries again when the cause is gone, so it earns every
        # attempt.
        row.attempts = 0
        with writes_outside_commands(Exemption.EVENT_DELIVERY):
            row.save(update_fields=["state", "attempts"])
        enqueue(subscriber.job_name, delivery_id=str(row.id))
