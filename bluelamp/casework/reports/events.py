"""What the reports stage tells the others."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class ReportSubmitted:
    """A report arrived. Its person reporting is to be told the reference."""

    report_id: UUID
    reference: str
    force: str
    at: datetime
    is_high_harm: bool


@dataclass(frozen=True)
class ReportFoundNotCrime:
    """A report was decided not to be a crime: the person reporting must be told, with the
    reason.
    """

    report_id: UUID
    reference: str
    force: str
    at: datetime
