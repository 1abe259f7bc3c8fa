"""Events of the reports stage."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from bluelamp.foundation.kernel.events.event import Event


class ReportSubmitted(Event):
    """A report arrived: the person reporting is due a confirmation with its reference."""

    name: ClassVar = "reports.submitted.v1"
    report_id: UUID
    reference: str
    force: str
    at: datetime
    is_high_harm: bool


class ReportFoundNotCrime(Event):
    """A report was decided not to be a crime: the person reporting is due the reason."""

    name: ClassVar = "reports.found_not_crime.v1"
    report_id: UUID
    reference: str
    force: str
    at: datetime
