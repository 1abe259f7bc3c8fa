"""Certificates that end soon, or have ended while we decide."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from django.db.models import QuerySet

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.list_page import ListPage, choose_page, read_page
from bluelamp.services.firearms.models import Application, Certificate
from bluelamp.services.firearms.policy import certificate_policy
from bluelamp.services.firearms.rules.applications import ApplicationKind
from bluelamp.services.firearms.rules.expiry import CertificateState
from bluelamp.services.firearms.rules.stages import OPEN_STAGES

# As the first reminder to the holder (`rules.clocks.REMIND_WEEKS`).
SOON = timedelta(weeks=16)
PAGE_SIZE = 25
# So many rows are in memory at a time, and one query finds all their renewals.
_EXPORT_BATCH = 1000
# What a row shows. All the columns of 100,000 certificates and holders take twice as long.
_COLUMNS = (
    "number",
    "kind",
    "expires_on",
    "extended_until",
    "holder__given_name",
    "holder__family_name",
    "holder__business_name",
)


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


@dataclass(frozen=True, kw_only=True, slots=True)
class ExpiringPage(ListPage):
    """A page of the list."""

    rows: tuple[ExpiringRow, ...]


@lookup(permission="firearms.view", act="firearms.expiring_listed")
def list_expiring_certificates(*, actor: Actor, at: datetime, page: int = 1) -> ExpiringPage:
    """Return a page of the certificates that end within 16 weeks, the earliest first.

    With them those whose last day has passed and that nobody has ended: in force only where they
    are extended by law, and otherwise guns that somebody must not have any more.
    """
    today = london_date(at)
    certificates = _filter_expiring(actor, today)
    total = certificates.count()
    page, pages = choose_page(page, total=total, size=PAGE_SIZE)
    chosen = read_page(certificates, "expires_on", "id", page=page, size=PAGE_SIZE)
    rows = tuple(_to_expiring_rows(actor, chosen, today))
    record_act(None, detail={"count": total, "numbers": [row.number for row in rows]})
    return ExpiringPage(rows=rows, total=total, page=page, pages=pages)


@lookup(permission="firearms.view", act="firearms.expiring_exported")
def export_expiring_certificates(
    *, actor: Actor, at: datetime, write: Callable[[ExpiringRow], object]
) -> int:
    """Write every certificate of that list, the earliest first.

    Returns:
        How many there were. `write` is called with one after the other: a large force's would not
        fit into memory.
    """
    today = london_date(at)
    certificates = _filter_expiring(actor, today).order_by("expires_on", "id").only(*_COLUMNS)
    # A cursor of the database, which keeps the rows that are not read yet.
    stream = certificates.iterator(chunk_size=_EXPORT_BATCH)
    count = 0
    while batch := list(islice(stream, _EXPORT_BATCH)):
        for row in _to_expiring_rows(actor, batch, today):
            write(row)
        count += len(batch)
    # Not the numbers, as of a page: there may be thousands.
    record_act(None, detail={"count": count})
    return count


def _filter_expiring(actor: Actor, today: date) -> QuerySet[Certificate]:
    certificates = certificate_policy.queryset(actor).select_related("holder")
    return certificates.filter(state=CertificateState.IN_FORCE, expires_on__lte=today + SOON)


def _to_expiring_rows(
    actor: Actor, certificates: Sequence[Certificate], today: date
) -> Iterator[ExpiringRow]:
    # One query for all, and not one for each row.
    renewals = dict(
        Application.objects.filter(
            force=actor.force,
            kind=ApplicationKind.RENEWAL,
            stage__in=OPEN_STAGES,
            applicant_id__in=[row.holder_id for row in certificates],
        ).values_list("applicant_id", "reference")
    )
    for row in certificates:
        yield ExpiringRow(
            number=row.number,
            kind=row.kind,
            holder=row.holder.name,
            expires_on=row.expires_on,
            extended_until=row.extended_until,
            is_over=(row.extended_until or row.expires_on) < today,
            renewal=renewals.get(row.holder_id, ""),
        )
