"""Yearly figures for the Home Office: certificates on issue, applications decided, revocations.

Counted from dates that nobody can change, so that the same year gives the same figures later.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import LONDON, london_date
from bluelamp.services.firearms.models import Decision
from bluelamp.services.firearms.policy import certificate_policy, decision_policy
from bluelamp.services.firearms.rules.decisions import REVOCATIONS


@dataclass(frozen=True, kw_only=True, slots=True)
class ReturnLine:
    """A figure: what is counted, of which kind of application and certificate, and how many."""

    measure: str
    application: str
    certificate: str
    count: int


def last_return_day(today: date) -> date:
    """Return the last day of the latest year that is over: the figures run to 31 March.

    >>> last_return_day(date(2026, 3, 31)), last_return_day(date(2026, 11, 27))
    (datetime.date(2025, 3, 31), datetime.date(2026, 3, 31))
    """
    end = date(today.year, 3, 31)
    return end if end < today else date(today.year - 1, 3, 31)


@lookup(permission="firearms.view", act="firearms.return_made")
def get_yearly_return(*, actor: Actor, at: datetime) -> tuple[date, tuple[ReturnLine, ...]]:
    """Return the last day of the latest year that is over, and its figures.

    Only counts: nobody's personal data.
    """
    end = last_return_day(london_date(at))
    lines = (*_on_issue(actor, end), *_decided(actor, end))
    record_act(None, detail={"year_to": end.isoformat()})
    return end, lines


def _on_issue(actor: Actor, end: date) -> list[ReturnLine]:
    certificates = (
        certificate_policy.queryset(actor)
        # Extended while we decide, it is still in force (Firearms Act 1968 s.28B).
        .annotate(last_day=Coalesce("extended_until", "expires_on"))
        # One that ended later was still on issue on that day.
        .filter(Q(ended_on=None) | Q(ended_on__gt=end), issued_on__lte=end, last_day__gte=end)
    )
    counts = certificates.order_by("kind").values_list("kind").annotate(Count("id"))
    return [
        ReturnLine(measure="on issue", application="", certificate=kind, count=count)
        for kind, count in counts
    ]


def _decided(actor: Actor, end: date) -> list[ReturnLine]:
    year = decision_policy.queryset(actor).filter(
        # London's days: a decision at half past midnight in summer counts on its own day.
        decided_at__gte=_start_of(date(end.year - 1, 4, 1)),
        decided_at__lt=_start_of(date(end.year, 4, 1)),
    )
    revocations = year.filter(decision__in=REVOCATIONS)
    # A decision is about an application or a certificate, and never about both.
    applications = year.exclude(application=None)
    return [
        *_count(applications, F("application__kind"), F("application__certificates")),
        *_count(revocations, Value(""), F("certificate__kind")),
    ]


def _count(
    decisions: QuerySet[Decision], application: F | Value, certificate: F
) -> list[ReturnLine]:
    rows = (
        decisions.annotate(of=application, kind=certificate)
        .order_by("decision", "of", "kind")
        .values_list("decision", "of", "kind")
        .annotate(Count("id"))
    )
    return [
        ReturnLine(measure=decision, application=of, certificate=kind, count=count)
        for decision, of, kind, count in rows
    ]


def _start_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=LONDON)
