"""A cache, in each process, of what is read too often to read from the database each time."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Any, Generic, TypeVar
from uuid import UUID
from weakref import WeakSet

from bluelamp.foundation.kernel.collector import pause_collector
from bluelamp.records.reference.models import Edition

T = TypeVar("T")
_STAMP_MAX_AGE_SECONDS = 1.0
_caches: WeakSet[EditionCache[Any]] = WeakSet()


class EditionCache(Generic[T]):
    """One value built from an edition's rows, and built again when the edition changes.

    The edition's stamp is read at most once a second, so every process sees an amendment within a
    second. The process that makes the amendment sees it at once, because it calls
    `invalidate_caches`.
    """

    def __init__(self, edition_name: str, build: Callable[[], T]) -> None:
        """Remember how to build the value. Nothing is read until the first `get`."""
        self._edition_name = edition_name
        self._build = build
        self._lock = Lock()
        self._cached: tuple[UUID | None, T] | None = None
        self._stamp_read_at = float("-inf")
        _caches.add(self)

    def get(self) -> T:
        """Return the value for the present edition.

        Threads that ask while it is being built wait for that one build.
        """
        cached, moment = self._cached, monotonic()
        if cached is not None and moment - self._stamp_read_at < _STAMP_MAX_AGE_SECONDS:
            return cached[1]
        stamp = (
            Edition.objects.filter(name=self._edition_name).values_list("stamp", flat=True).first()
        )
        self._stamp_read_at = moment
        if cached is None or cached[0] != stamp:
            with self._lock:
                # Another thread may have built it while this one waited for the lock.
                cached = self._cached
                if cached is None or cached[0] != stamp:
                    with pause_collector():
                        self._cached = cached = (stamp, self._build())
        return cached[1]

    def expire_stamp(self) -> None:
        """Read the edition's stamp again at the next `get`."""
        self._stamp_read_at = float("-inf")


def invalidate_caches() -> None:
    """Make every cache of this process check its edition at the next `get`."""
    for cache in _caches:
        cache.expire_stamp()
