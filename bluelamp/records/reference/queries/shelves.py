"""What is read so often that each process keeps it, until the next edition."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Any, Generic, TypeVar
from uuid import UUID
from weakref import WeakSet

from bluelamp.records.reference.models import Edition

T = TypeVar("T")
_FRESH_FOR = 1.0
_shelves: WeakSet[Shelf[Any]] = WeakSet()


class Shelf(Generic[T]):
    """One value made from an edition's rows, made again when the edition has changed.

    The edition's stamp is asked for at most once a second, so every process sees an amendment
    within one. A process that amends sees its own at once: `look_again`.
    """

    def __init__(self, edition: str, make: Callable[[], T]) -> None:
        self._edition = edition
        self._make = make
        self._lock = Lock()
        self._held: tuple[UUID | None, T] | None = None
        self._asked_at = float("-inf")
        _shelves.add(self)

    def get(self) -> T:
        """The value for the present edition; threads that ask while it is made wait for it."""
        held, moment = self._held, monotonic()
        if held is not None and moment - self._asked_at < _FRESH_FOR:
            return held[1]
        stamp = Edition.objects.filter(name=self._edition).values_list("stamp", flat=True).first()
        self._asked_at = moment
        if held is None or held[0] != stamp:
            with self._lock:
                held = self._held
                if held is None or held[0] != stamp:
                    self._held = held = (stamp, self._make())
        return held[1]


def look_again() -> None:
    """Have every shelf ask for its edition the next time, as after an amendment."""
    for shelf in _shelves:
        shelf._asked_at = float("-inf")
