"""Events are heard by everybody who asked for them, whatever becomes of one hearer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest

from bluelamp.foundation.kernel import outbox
from bluelamp.foundation.kernel.models import OutboxEvent

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class KettleBoiled:
    """A fact told in these tests only."""

    kettle_id: UUID


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """Three hearers, the second of whom fails."""
    names: list[str] = []

    @outbox.on(KettleBoiled)
    def first(event: KettleBoiled) -> None:
        names.append(f"first {event.kettle_id}")

    @outbox.on(KettleBoiled)
    def second(event: KettleBoiled) -> None:
        raise RuntimeError("deaf")

    @outbox.on(KettleBoiled)
    def third(event: KettleBoiled) -> None:
        names.append(f"third {event.kettle_id}")

    yield names
    del outbox._handlers["KettleBoiled"]


def test_it_works(run_jobs: Callable[[], int]) -> None:
    told: list[KettleBoiled] = []
    outbox.on(KettleBoiled)(told.append)
    outbox.announce(KettleBoiled(UUID(int=7)))
    assert run_jobs() == 1
    assert told == [KettleBoiled(UUID(int=7))]
    del outbox._handlers["KettleBoiled"]


def test_a_hearer_that_fails_keeps_no_other_from_hearing(heard: list[str]) -> None:
    outbox.announce(KettleBoiled(UUID(int=7)))
    event = OutboxEvent.objects.get()
    with pytest.raises(ExceptionGroup, match="KettleBoiled"):
        outbox.deliver(event_id=str(event.id))
    assert heard == [f"first {UUID(int=7)}", f"third {UUID(int=7)}"]
