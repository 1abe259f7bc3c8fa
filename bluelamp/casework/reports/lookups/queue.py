"""Look up the crime desk's queue of reports."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from bluelamp.casework.reports.models import Report, ReportItem
from bluelamp.casework.reports.policy import report_policy
from bluelamp.casework.reports.questions import choice_label
from bluelamp.casework.reports.rules import (
    ReportDeadlines,
    ReportState,
    deadlines_for,
    parse_reference,
)
from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.list_page import ListPage, choose_page
from bluelamp.foundation.kernel.text import clean_query, is_searchable, tokens
from bluelamp.records.reference.rules import parse_postcode

PAGE_SIZE = 25

# Each word is a condition of the query: a pasted page would make one that takes seconds.
MAX_SEARCH_WORDS = 12

# The id is last in each, so that reports received at one instant stay in one order.
QUEUE_ORDERS = {
    "urgent": ("-is_high_harm", "received_at", "id"),
    "oldest": ("received_at", "id"),
    "newest": ("-received_at", "-id"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class QueueRow:
    """A report in the queue."""

    id: UUID
    reference: str
    kind: str
    kind_title: str
    narrative: str
    received_at: datetime
    is_high_harm: bool
    state: str
    person_reporting: str
    place: str
    item_count: int
    deadlines: ReportDeadlines


@dataclass(frozen=True, kw_only=True, slots=True)
class QueuePage(ListPage):
    """A page of the queue. `total` counts the rows of all pages; `page` starts at 1."""

    rows: tuple[QueueRow, ...]


@lookup(permission="report.view", act="report.queue_viewed")
def list_queue(
    *,
    actor: Actor,
    at: datetime,
    state: str = ReportState.NEW,
    page: int = 1,
    q: str = "",
    order: str = "urgent",
    limit: int = PAGE_SIZE,
) -> QueuePage:
    """Return a page of the reports that the actor may see.

    Args:
        actor: Who asks.
        at: When, for the deadlines.
        state: A ReportState, or "" for all.
        page: Which page, from 1. One that does not exist becomes the nearest.
        q: A search. Every word must match.
        order: A key of QUEUE_ORDERS.
        limit: The number of rows on a page.
    """
    query = clean_query(q)
    rows = report_policy.queryset(actor)
    if state:
        rows = rows.filter(state=state)
    rows = _matching_reports(rows, query)
    total = rows.count()
    page, pages = choose_page(page, total=total, size=limit)
    # A subquery for each row of the page is cheaper than to join and group all the rows.
    items = ReportItem.objects.filter(report=OuterRef("pk")).order_by().values("report")
    rows = (
        rows.select_related("location", "person_reporting")
        .annotate(
            item_count=Coalesce(Subquery(items.annotate(count=Count("*")).values("count")), 0)
        )
        .only(*_QUEUE_COLUMNS)
        .order_by(*QUEUE_ORDERS.get(order, QUEUE_ORDERS["urgent"]))
    )
    page_rows = rows[(page - 1) * limit : page * limit]
    result = QueuePage(
        rows=tuple(_to_queue_row(report, at) for report in page_rows),
        total=total,
        page=page,
        pages=pages,
    )
    references = [row.reference for row in result.rows]
    record_act(None, detail={"state": state, "q": query, "references": references})
    return result


@lookup(permission="report.view", act="report.queue_viewed")
def get_next_report(*, actor: Actor, at: datetime, after: str = "") -> str:
    """Return the reference of the next report to decide, the most urgent first, or "".

    Args:
        actor: Who asks.
        at: When.
        after: The reference of the report to go on from, which may be decided by now. Without it,
            or where the actor may not see it, the first report is returned.
    """
    waiting = report_policy.queryset(actor).filter(state=ReportState.NEW)
    last = report_policy.queryset(actor).filter(reference=parse_reference(after) or "").first()
    if last is not None:
        # What comes after it in the order "urgent".
        is_later = Q(received_at__gt=last.received_at) | Q(
            received_at=last.received_at, id__gt=last.id
        )
        follows = Q(is_high_harm=last.is_high_harm) & is_later
        if last.is_high_harm:
            follows |= Q(is_high_harm=False)
        waiting = waiting.filter(follows)
    report = waiting.order_by(*QUEUE_ORDERS["urgent"]).only("reference").first()
    reference = report.reference if report else ""
    record_act(None, detail={"after": clean_query(after), "references": [reference]})
    return reference


def _matching_reports(rows: QuerySet[Report], query: str) -> QuerySet[Report]:
    """Return the reports with this reference or postcode, or with every word of the query."""
    if query and not is_searchable(query):
        return rows.none()
    if reference := parse_reference(query):
        return rows.filter(reference=reference)
    if postcode := parse_postcode(query):
        return rows.filter(location__postcode=postcode)
    for word in query.split()[:MAX_SEARCH_WORDS]:
        # Punctuation alone has no tokens, and every list of keys contains the empty list.
        by_name = (
            Q(person_reporting__name_keys__contains=tokens(word)) if tokens(word) else Q(pk=None)
        )
        rows = rows.filter(
            by_name
            | Q(narrative__icontains=word)
            | Q(location__address__icontains=word)
            | Q(reference__icontains=word)
        )
    return rows


_QUEUE_COLUMNS = (
    "reference",
    "kind",
    "narrative",
    "received_at",
    "is_high_harm",
    "state",
    "place_detail",
    "person_reporting__given_name",
    "person_reporting__family_name",
    "person_reporting__business_name",
    "location__address",
    "location__postcode",
)


def _to_queue_row(report: Report, at: datetime) -> QueueRow:
    return QueueRow(
        id=report.id,
        reference=report.reference,
        kind=report.kind,
        kind_title=choice_label("kind", report.kind, at=at),
        narrative=report.narrative,
        received_at=report.received_at,
        is_high_harm=report.is_high_harm,
        state=report.state,
        person_reporting=report.person_reporting.name,
        place=report.location.in_one_line if report.location else report.place_detail,
        item_count=report.item_count,  # type: ignore[attr-defined]
        deadlines=deadlines_for(received_at=report.received_at, at=at),
    )
