"""What is read so often that each process keeps it, until the next edition."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar
from uuid import UUID

from bluelamp.records.reference.models import Edition

T = TypeVar("T")


class Shelf(Generic[T]):
    """One value made from an edition's rows, made again when the edition has changed.

    Each `get` asks the database for the edition's stamp, so an amendment is seen by every process at once.
    """

    def __init__(self, edition: str, make: Callable[[], T]) -> None:
        self._edition = edition
        self._make = make
        self._lock = Lock()
        self._held: tuple[UUID | None, T] | None = None

    def get(self) -> T:
        """The value for the present edition; threads that ask while it is made wait for it."""
        stamp = Edition.objects.filter(name=self._edition).values_list("stamp", flat=True).first()
        held = self._held
        if held is None or held[0] != stamp:
            with self._lock:
                held = self._held
                if held is None or held[0] != stamp:
                    self._held = held = (stamp, self._make())
        return held[1]
