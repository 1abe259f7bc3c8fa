"""News travels forwards: an event is a row in the transaction that made it, delivered by the job
queue.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any, TypeVar, get_type_hints
from uuid import UUID

from bluelamp.foundation.kernel.jobs import enqueue, job
from bluelamp.foundation.kernel.models import OutboxEvent
from bluelamp.foundation.kernel.together import insert_soon

E = TypeVar("E")
_handlers: dict[str, list[tuple[type[Any], Callable[[Any], None]]]] = defaultdict(list)


def on(event: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Declare a function as a hearer of an event. Delivery is at least once: hearers must not mind
    twice.
    """

    def declare(function: Callable[[E], None]) -> Callable[[E], None]:
        _handlers[event.__name__].append((event, function))
        return function

    return declare


def announce(event: Any) -> None:
    """Tell others a fact, in the present transaction."""
    if not is_dataclass(event) or isinstance(event, type):
        raise TypeError(f"an event is a dataclass instance, not {event!r}")
    row = OutboxEvent(
        name=type(event).__name__,
        payload=_plain({each.name: getattr(event, each.name) for each in fields(event)}),
    )
    insert_soon(row)
    enqueue("kernel.deliver", event_id=str(row.id))


@job(name="kernel.deliver", urgency=10, attempts=16)
def deliver(*, event_id: str) -> None:
    """Deliver one event to every hearer; each hearer's work is a transaction of its own.

    A hearer that fails keeps none of the others from hearing; the job is then tried again for all
    of them.
    """
    row = OutboxEvent.objects.get(id=event_id)
    faults = []
    for event, function in _handlers[row.name]:
        try:
            function(_restore(event, row.payload))
        except Exception as fault:
            faults.append(fault)
    if faults:
        raise ExceptionGroup(f"{row.name} was not heard by all", faults)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _restore(event: type[Any], payload: dict[str, Any]) -> Any:
    make: dict[Any, Callable[[Any], Any]] = {
        UUID: UUID,
        datetime: datetime.fromisoformat,
        date: date.fromisoformat,
    }
    told = {
        name: make.get(kind, _as_it_is)(payload[name])
        for name, kind in get_type_hints(event).items()
    }
    return event(**told)


def _as_it_is(value: Any) -> Any:
    return value
