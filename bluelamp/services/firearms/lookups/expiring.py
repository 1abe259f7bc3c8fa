"""Certificates that end soon, or have ended while we decide."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.services.firearms.models import Application
from bluelamp.services.firearms.policy import certificate_policy
from bluelamp.services.firearms.rules.applications import ApplicationKind
from bluelamp.services.firearms.rules.expiry import CertificateState
from bluelamp.services.firearms.rules.stages import OPEN_STAGES

SOON = timedelta(weeks=16)
MAX_ROWS = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class ExpiringRow:
    """A certificate that ends soon. `renewal` is the reference of an open renewal, or ""."""

    number: str
    kind: str
    holder: str
    expires_on: date
    extended_until: date | None
    is_over: bool
    renewal: str


@lookup(permission="firearms.view", act="firearms.expiring_listed")
def list_expiring_certificates(*, actor: Actor, at: datetime) -> tuple[ExpiringRow, ...]:
    """Return the certificates that end within 16 weeks, the earliest first.

    With them those whose last day has passed and that nobody has ended: in force only where they
    are extended by law, and otherwise guns that somebody must not have any more.
    """
    today = london_date(at)
    certificates = certificate_policy.queryset(actor).filter(
        state=CertificateState.IN_FORCE, expires_on__lte=today + SOON
    )
    rows = list(certificates.select_related("holder").order_by("expires_on", "id")[:MAX_ROWS])
    renewals = dict(
        Application.objects.filter(
            force=actor.force,
            kind=ApplicationKind.RENEWAL,
            stage__in=OPEN_STAGES,
            applicant_id__in=[row.holder_id for row in rows],
        ).values_list("applicant_id", "reference")
    )
    record_act(None, detail={"count": len(rows)})
    return tuple(
        ExpiringRow(
            number=row.number,
            kind=row.kind,
            holder=row.holder.name,
            expires_on=row.expires_on,
            extended_until=row.extended_until,
            is_over=(row.extended_until or row.expires_on) < today,
            renewal=renewals.get(row.holder_id, ""),
        )
        for row in rows
    )
