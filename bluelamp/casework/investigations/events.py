"""What the investigations stage tells the others: occasions for keeping a victim informed."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class OfficerAllocated:
    """Someone is dealing with it now."""

    crime_id: UUID
    number: str
    force: str
    officer_id: UUID
    at: datetime


@dataclass(frozen=True)
class StatementTaken:
    """A statement was signed and received."""

    crime_id: UUID
    number: str
    force: str
    statement_id: UUID
    maker_id: UUID
    at: datetime


@dataclass(frozen=True)
class SuspectCharged:
    """A person was charged. It says nothing of who."""

    crime_id: UUID
    number: str
    force: str
    court_ou_code: str
    hearing_on: date
    at: datetime
