"""Events of people."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from bluelamp.foundation.kernel.events.event import Event


class PersonLinked(Event):
    """Somebody was added to a crime that was on record already, such as a suspect or a witness.

    `reference` is the crime's number. It does not say who.
    """

    name: ClassVar = "people.linked.v1"
    subject_id: UUID
    reference: str
    force: str
    at: datetime


class ContactChanged(Event):
    """Somebody's e-mail address or phone number on record was changed to another one.

    The correction says what it was before. The event does not: it may be kept for longer.
    """

    name: ClassVar = "people.contact_changed.v1"
    person_id: UUID
    correction_id: UUID
    force: str
    at: datetime
