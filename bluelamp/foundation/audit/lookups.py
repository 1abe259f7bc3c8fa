"""Reading the audit record."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, Q

from bluelamp.foundation.audit.acts import lookup, read_within_act, record_act
from bluelamp.foundation.audit.models import RATE_LIMITED_ACTS, AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.client_address import rate_limit_key
from bluelamp.foundation.kernel.events.deliveries import FailedDelivery, failed_deliveries

# Counting every match of a broad search would read the whole table: beyond this a page says
# "more than 1,000".
MAX_COUNTED = 1_001
# A failed attempt is recorded as `number=…`, because there was no subject to take a reference from.
_ATTEMPT_PREFIXES = ("number", "reference", "urn")


@dataclass(frozen=True, slots=True)
class Access:
    """How often somebody did an act to a thing, and when last.

    `document` is the file it was done to, where the thing has several.
    """

    act: str
    by_name: str
    ref: str
    document: str
    times: int
    last_at: datetime


@read_within_act
def access_history(
    *, actor: Actor, subject_id: UUID, acts: Collection[str], limit: int = 30
) -> list[Access]:
    """Return who of the actor's organisation did these acts to a record, the latest first."""
    rows = (
        AuditEntry.objects.filter(
            subject_id=subject_id,
            act__in=acts,
            organisation=actor.organisation,
            result=AuditEntry.Result.DONE,
        )
        .values("act", "actor_name", "ref", "detail__document")
        .annotate(times=Count("id"), last_at=Max("at"))
        .order_by("-last_at")[:limit]
    )
    return [
        Access(
            act=row["act"],
            by_name=row["actor_name"],
            ref=row["ref"],
            document=row["detail__document"] or "",
            times=row["times"],
            last_at=row["last_at"],
        )
        for row in rows
    ]


def act_done_condition(*, act: str, organisation: str, subject: str = "id") -> Exists:
    """Return the query condition that somebody of an organisation did an act to the row.

    Args:
        act: The name of the act.
        organisation: The code of the organisation.
        subject: The column of the outer query that holds the id of what it was done to.
    """
    entries = AuditEntry.objects.filter(
        subject_id=OuterRef(subject),
        act=act,
        organisation=organisation,
        result=AuditEntry.Result.DONE,
    )
    return Exists(entries)


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditEntryRow:
    """One act as an auditor reads it: `result` is done, refused or not found, `detail` JSON."""

    id: UUID
    at: datetime
    act: str
    category: str
    result: str
    actor_name: str
    organisation: str
    organisation_kind: str
    force: str
    address: str
    ref: str
    reason: str
    detail: dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditPage:
    """A page of entries, the newest first.

    `total` counts at most `MAX_COUNTED`. `older` is what to pass as `before` for the next page.
    """

    entries: tuple[AuditEntryRow, ...]
    total: int
    older: UUID | None


@lookup(permission="audit.view", act="audit.viewed")
def audit_entries(
    *,
    actor: Actor,
    at: datetime,
    ref: str = "",
    person: str = "",
    category: str = "",
    is_refused: bool = False,
    since: datetime | None = None,
    until: datetime | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> AuditPage:
    """Return a page of the audit entries of the actor's force.

    Somebody of the force that this instance belongs to also reads what others tried in vain: those
    entries bear the other's force. Reading the record is itself on the record.

    Args:
        actor: Who reads.
        at: When.
        ref: Only entries about this reference, done or attempted.
        person: Only entries whose actor's name has these words in it; the first six count.
        category: Only this category of section 62 of the Data Protection Act 2018.
        is_refused: Only what was refused or not found.
        since: Only entries of this moment or later.
        until: Only entries before this moment.
        before: `older` of the page before this one.
        limit: How many entries to return at most.
    """
    rows = AuditEntry.objects.filter(_readable_by(actor))
    if ref:
        attempts = [f"{name}={ref}" for name in _ATTEMPT_PREFIXES]
        rows = rows.filter(ref__in=[ref, *attempts])
    # Each word is a condition of its own. No name has more than six.
    for word in person.split()[:6]:
        rows = rows.filter(actor_name__icontains=word)
    if category:
        rows = rows.filter(category=category)
    if is_refused:
        rows = rows.exclude(result=AuditEntry.Result.DONE)
    if since:
        rows = rows.filter(at__gte=since)
    if until:
        rows = rows.filter(at__lt=until)
    total = rows[:MAX_COUNTED].count()
    if last := AuditEntry.objects.filter(id=before).only("at").first() if before else None:
        # Several entries can have one moment: the id breaks the tie, as it does in the order.
        rows = rows.filter(Q(at__lt=last.at) | Q(at=last.at, id__lt=last.id))
    page = list(rows.order_by("-at", "-id")[: limit + 1])  # one more shows that there is more
    filters = {"ref": ref, "person": person, "category": category, "refused": is_refused or ""}
    record_act(
        None, ref=ref or person, detail={name: value for name, value in filters.items() if value}
    )
    return AuditPage(
        entries=tuple(
            AuditEntryRow(
                **{column.name: getattr(row, column.name) for column in fields(AuditEntryRow)}
            )
            for row in page[:limit]
        ),
        total=total,
        older=page[limit - 1].id if len(page) > limit else None,
    )


@lookup(permission="event.retry", act="event.failed_deliveries_viewed")
def list_failed_deliveries(*, actor: Actor, at: datetime) -> tuple[FailedDelivery, ...]:
    """Return the deliveries of events that failed and are not tried again, the oldest first.

    It stands here because the kernel, which delivers events, knows no acts. Deliveries bear no
    force: an actor of another force than this instance's sees none.
    """
    deliveries = failed_deliveries() if actor.force == settings.BLUELAMP_FORCE else []
    record_act(None, detail={"count": len(deliveries)})
    return tuple(deliveries)


def _readable_by(actor: Actor) -> Q:
    own_force = Q(force=actor.force)
    # Who was refused may belong to no force of ours, and somebody has to see it.
    if actor.force == settings.BLUELAMP_FORCE:
        return own_force | ~Q(result=AuditEntry.Result.DONE)
    return own_force


def count_acts(*, act: str, address: str, since: datetime) -> int:
    """Count how often an act was tried from a network address, as rate limits count addresses.

    Raises:
        ValueError: For an act that is not in RATE_LIMITED_ACTS: no index holds it, and the count
            would read the whole table.
    """
    if act not in RATE_LIMITED_ACTS:
        raise ValueError(f"{act} is not among the acts that are counted by address")
    return AuditEntry.objects.filter(
        act=act, rate_limit_key=rate_limit_key(address), at__gte=since
    ).count()
