"""Publish events and deliver them: the transactional outbox.

`publish` writes the event, one delivery for each subscriber and one job for each delivery, all in
the transaction of the caller. Every subscriber then has retries of its own, so that one that fails
neither stops nor repeats the others.
"""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection
from django.db.models import F

from bluelamp.foundation.kernel import clock
from bluelamp.foundation.kernel.database.write_buffer import insert_at_commit
from bluelamp.foundation.kernel.database.write_guard import Exemption, writes_outside_commands
from bluelamp.foundation.kernel.events.event import Event
from bluelamp.foundation.kernel.events.models import EventDelivery, OutboxEvent
from bluelamp.foundation.kernel.jobs.queues import Queue, enqueue, job

E = TypeVar("E", bound=Event)


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A function that acts on one kind of event."""

    name: str
    event: type[Event]
    handle: Callable[[Any], None]
    attempts: int

    @property
    def job_name(self) -> str:
        """Return the name of the job that delivers to this subscriber."""
        return f"events.deliver:{self.name}"


_subscribers: dict[str, Subscriber] = {}


def subscribe(
    event: type[E], *, name: str, queue: Queue, attempts: int = 16
) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register a function to be called with each event of a class published from now on.

    It is called at least once per event and now and then twice, outside any transaction.

    Args:
        event: The class of events to act on.
        name: Unique, dotted, like "victims.confirm_report". Deliveries are stored under it.
        queue: The queue that its deliveries wait in.
        attempts: How often it is tried, 2, 4, 8 … seconds apart (16 is about 36 hours), before the
            delivery counts as failed and waits for a member of staff.

    Raises:
        ValueError: The name is taken.
    """

    def register(function: Callable[[E], None]) -> Callable[[E], None]:
        if name in _subscribers:
            raise ValueError(f"there is already a subscriber named {name}")
        subscriber = Subscriber(name, event, function, attempts)

        @job(name=subscriber.job_name, queue=queue, attempts=attempts)
        def deliver(*, delivery_id: str) -> None:
            _deliver(subscriber, UUID(delivery_id))

        _subscribers[name] = subscriber
        return function

    return register


def subscribers(event: type[Event] | None = None) -> list[Subscriber]:
    """Return the subscribers to a class of events, or all of them."""
    return [s for s in _subscribers.values() if event is None or s.event is event]


def publish(event: Event) -> None:
    """Store an event in the current transaction and queue its delivery to each subscriber.

    Raises:
        RuntimeError: There is no transaction, so the event could be lost or told in vain.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{event.name} must be published inside a transaction")
    row = OutboxEvent(name=event.name, payload=event.model_dump(mode="json"))
    recipients = subscribers(type(event))
    deliveries = [EventDelivery(event=row, subscriber=s.name) for s in recipients]
    insert_at_commit(row, *deliveries)
    for subscriber, delivery in zip(recipients, deliveries, strict=True):
        enqueue(subscriber.job_name, delivery_id=str(delivery.id))


def _deliver(subscriber: Subscriber, delivery_id: UUID) -> None:
    """Call a subscriber with an event, unless that has been done, and record how it went.

    Raises:
        Exception: What the subscriber raised, so that the job queue tries again.
    """
    delivery = EventDelivery.objects.select_related("event").get(id=delivery_id)
    # The job ran twice: the worker died after the delivery and before the job was marked as done.
    if delivery.state == EventDelivery.State.DELIVERED:
        return
    # counted before the call: an attempt that takes the worker down with it counts as well
    _update_delivery(delivery_id, attempts=F("attempts") + 1, last_attempt_at=clock.now())
    try:
        subscriber.handle(subscriber.event.model_validate(delivery.event.payload))
    except Exception as fault:
        is_last = delivery.attempts + 1 >= subscriber.attempts
        _update_delivery(
            delivery_id,
            last_error=describe_fault(fault),
            state=EventDelivery.State.FAILED if is_last else EventDelivery.State.WAITING,
        )
        raise
    _update_delivery(delivery_id, state=EventDelivery.State.DELIVERED, last_error="")


def _update_delivery(delivery_id: UUID, **values: Any) -> None:
    with writes_outside_commands(Exemption.EVENT_DELIVERY):
        EventDelivery.objects.filter(id=delivery_id).update(**values)


def describe_fault(fault: BaseException) -> str:
    """Return an exception's class and where it was raised.

    Not its message: that may hold what is on record about people.
    """
    frames = traceback.extract_tb(fault.__traceback__)
    ours = [frame for frame in frames if "/bluelamp/" in frame.filename] or frames
    place = ""
    if ours:
        path = ours[-1].filename.rpartition("/bluelamp/")[2]
        place = f" at {path}:{ours[-1].lineno}"
    return f"{type(fault).__name__}{place}"[:200]
