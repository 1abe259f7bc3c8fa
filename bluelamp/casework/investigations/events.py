"""Events of the investigations stage: occasions to keep a victim informed."""

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from bluelamp.foundation.kernel.events.event import Event


class OfficerAllocated(Event):
    """An officer was put in charge of a crime's investigation."""

    name: ClassVar = "investigations.officer_allocated.v1"
    crime_id: UUID
    number: str
    force: str
    officer_id: UUID
    at: datetime


class StatementCopyRequested(Event):
    """The maker of a statement that was taken on a phone wants a copy of it.

    `means` is "email" or "sms", and the address is the one on the back of the statement.
    """

    name: ClassVar = "investigations.statement_copy_requested.v1"
    statement_id: UUID
    number: str
    force: str
    officer_id: UUID
    means: str
    language: str


class SuspectCharged(Event):
    """A person was charged. It does not say who."""

    name: ClassVar = "investigations.suspect_charged.v1"
    crime_id: UUID
    number: str
    force: str
    court_ou_code: str
    hearing_on: date
    at: datetime
