"""Temporary permits that are on issue."""

from dataclasses import dataclass
from datetime import date, datetime

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.services.firearms.models import Certificate
from bluelamp.services.firearms.policy import certificate_policy
from bluelamp.services.firearms.rules.applications import normalise_number
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


@dataclass(frozen=True, kw_only=True, slots=True)
class PermitDetail:
    """Why a temporary permit was issued, and under which line of the authority table."""

    purpose: str
    reasons: str
    may_use: bool
    storage_address: str
    risk: str
    written_in: str


@lookup(permission="firearms.view", act="firearms.permit_viewed")
def get_permit(*, actor: Actor, at: datetime, number: str) -> PermitDetail:
    """Return why a permit was issued.

    Raises:
        NotFound: There is no such permit of the actor's force.
    """
    certificate = certificate_policy.get(
        actor, number=normalise_number(number), kind=CertificateKind.TEMPORARY_PERMIT
    )
    record_act(certificate, ref=certificate.number)
    permit = certificate.permit
    return PermitDetail(
        purpose=permit.purpose,
        reasons=permit.reasons,
        may_use=permit.may_use,
        storage_address=permit.storage_address,
        risk=permit.risk,
        written_in=permit.authority.written_in,
    )


def _to_row(certificate: Certificate, today: date) -> PermitRow:
    return PermitRow(
        number=certificate.number,
        holder=certificate.holder.name,
        purpose=certificate.permit.purpose,
        # Of what was prefetched: count() would be a query for each row.
        guns=len(certificate.guns.all()),
        may_use=certificate.permit.may_use,
        issued_on=certificate.issued_on,
        expires_on=certificate.expires_on,
        days_left=(certificate.expires_on - today).days,
        issued_by_name=certificate.issued_by_name,
    )
