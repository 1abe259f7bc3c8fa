"""What follows a new record waits while the processors are taken, and does not slow the next."""

import pytest
from procrastinate.contrib.django import app

from bluelamp.casework.crimes.events import CrimeRecorded
from bluelamp.casework.encounters.events import EncounterRecorded
from bluelamp.casework.reports.events import ReportSubmitted
from bluelamp.foundation.kernel.events.outbox import Event, subscribers
from bluelamp.foundation.kernel.jobs.queues import Queue


@pytest.mark.parametrize("event", [CrimeRecorded, EncounterRecorded, ReportSubmitted])
def test_it_works(event: type[Event]) -> None:
    """One of them that did not wait took four reports of ten (docs/decisions/0004)."""
    queues = {s.name: Queue(app.tasks[s.job_name].queue) for s in subscribers(event)}
    assert queues
    assert [name for name, queue in queues.items() if queue.patience == 0] == []
