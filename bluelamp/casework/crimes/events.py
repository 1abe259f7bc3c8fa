"""What the crimes stage tells the others."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class CrimeRecorded:
    """A crime has its number. `report_id` is the nil UUID where no report came before it."""

    crime_id: UUID
    number: str
    force: str
    report_id: UUID
    at: datetime


@dataclass(frozen=True)
class CrimeReclassified:
    """A crime's class was changed."""

    crime_id: UUID
    number: str
    force: str
    at: datetime
