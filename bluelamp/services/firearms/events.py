"""Events of firearms licensing."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from bluelamp.foundation.kernel.events.event import Event


class ApplicationDecided(Event):
    """An application was decided. `decision` is grant, partial-grant or refuse."""

    name: ClassVar = "firearms.decided.v1"
    application_id: UUID
    reference: str
    force: str
    decision: str
    at: datetime


class CertificateIssued(Event):
    """A certificate was issued."""

    name: ClassVar = "firearms.certificate_issued.v1"
    certificate_id: UUID
    number: str
    force: str
    at: datetime


class CertificateEnded(Event):
    """A certificate ended before its day: revoked, surrendered or seized, which `state` says."""

    name: ClassVar = "firearms.certificate_ended.v1"
    certificate_id: UUID
    number: str
    force: str
    state: str
    at: datetime
