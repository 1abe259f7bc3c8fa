"""Events of encounters."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from bluelamp.foundation.kernel.events.event import Event


class EncounterRecorded(Event):
    """An encounter was recorded, or corrected. `person_id` is who was searched, or the victim."""

    name: ClassVar = "encounters.recorded.v1"
    encounter_id: UUID
    reference: str
    kind: str
    force: str
    person_id: UUID | None = None
    at: datetime
