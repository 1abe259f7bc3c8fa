"""Holders among whose notices something is unusual."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, F, Max, Q
from django.db.models.functions import TruncDate

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import LONDON, london_date
from bluelamp.records.people.models import Person
from bluelamp.services.firearms.models import Certificate
from bluelamp.services.firearms.policy import notice_policy
from bluelamp.services.firearms.rules.decisions import CertificateKind
from bluelamp.services.firearms.rules.expiry import CertificateState
from bluelamp.services.firearms.rules.notices import NoticeKind
from bluelamp.services.firearms.rules.patterns import (
    LEAST,
    PERIOD,
    NoticeCounts,
    Pattern,
    find_patterns,
)

MAX_ROWS = 200
_LOSSES = (NoticeKind.GUN_LOST, NoticeKind.AMMUNITION_LOST, NoticeKind.CERTIFICATE_LOST)


@dataclass(frozen=True, kw_only=True, slots=True)
class PatternRow:
    """A holder and what is unusual; `number` is that of a certificate in force, "" for none."""

    holder_id: UUID
    holder: str
    number: str
    patterns: dict[Pattern, int]
    latest_on: date


@lookup(permission="firearms.view", act="firearms.patterns_listed")
def list_patterns(*, actor: Actor, at: datetime) -> tuple[PatternRow, ...]:
    """Return holders with unusual notices in the last year, whose latest is newest first.

    At most 200: more than anybody would go through, and the newest are among them. Registered
    dealers are left out, because to buy and sell is their trade.
    """
    since = london_date(at) - PERIOD
    late = Q(due_on__isnull=False) & Q(due_on__lt=F("told_on"))
    dealers = Certificate.objects.filter(
        force=actor.force, kind=CertificateKind.DEALER, state=CertificateState.IN_FORCE
    )
    rows = (
        notice_policy.queryset(actor)
        .filter(happened_on__gte=since)
        .exclude(holder__in=dealers.values("holder_id"))
        .annotate(told_on=TruncDate("told_at", tzinfo=LONDON))
        .values("holder_id")
        .annotate(
            acquired=Count("id", filter=Q(kind=NoticeKind.ACQUIRED)),
            passed_on=Count("id", filter=Q(kind=NoticeKind.PASSED_ON)),
            lost=Count("id", filter=Q(kind__in=_LOSSES)),
            late=Count("id", filter=late),
            latest_on=Max("happened_on"),
        )
        # In the database: of a year's notices, few holders have as many.
        .filter(
            Q(acquired__gte=LEAST[Pattern.MANY_ACQUIRED])
            | Q(
                acquired__gte=LEAST[Pattern.QUICK_TURNOVER],
                passed_on__gte=LEAST[Pattern.QUICK_TURNOVER],
            )
            | Q(lost__gte=LEAST[Pattern.REPEATED_LOSS])
            | Q(late__gte=LEAST[Pattern.OFTEN_LATE])
        )
        .order_by("-latest_on", "holder_id")[:MAX_ROWS]
    )
    counted = list(rows)
    ids = [row["holder_id"] for row in counted]
    names = {person.id: person.name for person in Person.objects.filter(id__in=ids)}
    numbers = dict(
        Certificate.objects.filter(
            force=actor.force, holder_id__in=ids, state=CertificateState.IN_FORCE
        )
        .order_by("expires_on")
        .values_list("holder_id", "number")
    )
    record_act(None, detail={"holders": [str(holder_id) for holder_id in ids]})
    return tuple(
        PatternRow(
            holder_id=row["holder_id"],
            holder=names.get(row["holder_id"], ""),
            number=numbers.get(row["holder_id"], ""),
            patterns=find_patterns(
                NoticeCounts(
                    acquired=row["acquired"],
                    passed_on=row["passed_on"],
                    lost=row["lost"],
                    late=row["late"],
                )
            ),
            latest_on=row["latest_on"],
        )
        for row in counted
    )
