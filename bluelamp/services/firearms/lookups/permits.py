"""Temporary permits that are on issue."""

from dataclasses import dataclass
from datetime import date, datetime

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.services.firearms.models import Certificate
from bluelamp.services.firearms.policy import certificate_policy
from bluelamp.services.firearms.rules.decisions import CertificateKind
from bluelamp.services.firearms.rules.expiry import CertificateState


@dataclass(frozen=True, kw_only=True, slots=True)
class PermitRow:
    """A temporary permit in the list. `days_left` is below 0 for one that has run out."""

    number: str
    holder: str
    purpose: str
    guns: int
    may_use: bool
    issued_on: date
    expires_on: date
    days_left: int
    issued_by_name: str


@lookup(permission="firearms.view", act="firearms.permits_listed")
def list_permits(*, actor: Actor, at: datetime) -> tuple[PermitRow, ...]:
    """Return the permits that nobody has ended, those that end first before others.

    One that has run out stays in the list until somebody records where the guns went.
    """
    today = london_date(at)
    permits = (
        certificate_policy.queryset(actor)
        .filter(kind=CertificateKind.TEMPORARY_PERMIT, state=CertificateState.IN_FORCE)
        .select_related("holder", "permit")
        .prefetch_related("guns")
        .order_by("expires_on", "number")
    )
    rows = tuple(_to_row(permit, today) for permit in permits)
    record_act(None, detail={"count": len(rows)})
    return rows


def _to_row(certificate: Certificate, today: date) -> PermitRow:
    return PermitRow(
        number=certificate.number,
        holder=certificate.holder.name,
        purpose=certificate.permit.purpose,
        guns=len(certificate.guns.all()),
        may_use=certificate.permit.may_use,
        issued_on=certificate.issued_on,
        expires_on=certificate.expires_on,
        days_left=(certificate.expires_on - today).days,
        issued_by_name=certificate.issued_by_name,
    )
