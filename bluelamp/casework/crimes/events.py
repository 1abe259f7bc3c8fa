"""Events of the crimes stage."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from bluelamp.foundation.kernel.events.event import Event


class CrimeRecorded(Event):
    """A crime was recorded and has its number. `report_id` is None where no report preceded it."""

    name: ClassVar = "crimes.recorded.v1"
    crime_id: UUID
    number: str
    force: str
    report_id: UUID | None = None
    at: datetime
