"""What the case file stage tells the others: occasions for keeping a victim informed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class CaseSubmitted:
    """The case of a crime was handed to the prosecutor: one event for each crime of the file. It
    names nobody.
    """

    crime_id: UUID
    number: str
    force: str
    urn: str
    at: datetime
