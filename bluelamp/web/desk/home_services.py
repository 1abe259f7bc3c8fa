"""Lists of the desk's home page for licensing, requests for information and refunds."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import TypedDict

from django.urls import reverse

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.payments.lookups import list_refunds
from bluelamp.services.firearms.lookups import (
    QueueFilter,
    QueueRow,
    VisitRow,
    list_own_visits,
    list_queue,
)
from bluelamp.services.firearms.lookups.vetting import list_vetting_tasks
from bluelamp.services.firearms.rules.stages import Stage
from bluelamp.services.requests.lookups import RequestRow, list_requests
from bluelamp.web.desk import labels
from bluelamp.web.desk.contexts import ListRow, Notice
from bluelamp.web.desk.firearms.labels import application_title, risk_tag
from bluelamp.web.formats import format_date, format_date_time


class HomeList(TypedDict):
    """A list with its heading: how many there are, the first few, and a link to all."""

    id: str
    title: str
    total: int
    rows: list[ListRow]
    ordering: str
    empty: str
    all_url: str
    all_text: str


def service_lists(actor: Actor, at: datetime, *, limit: int) -> Iterator[HomeList]:
    """Yield the lists of work that the actor may do, what is decided first."""
    if actor.may("firearms.decide"):
        yield _applications(
            actor,
            at,
            QueueFilter(stage=Stage.RECOMMENDED, sort="stage-oldest"),
            id_="applications-to-decide",
            title="Applications to decide",
            limit=limit,
        )
    if actor.may("firearms.check"):
        yield _applications(
            actor,
            at,
            QueueFilter(stage=Stage.COMPLETE, sort="stage-oldest"),
            id_="applications-to-take-on",
            title="Applications to take on",
            limit=limit,
        )
        yield _applications(
            actor,
            at,
            QueueFilter(is_own=True, sort="stage-oldest"),
            id_="own-applications",
            title="Your applications",
            limit=limit,
        )
        visits = list_own_visits(actor=actor, at=at)
        yield {
            "id": "own-visits",
            "title": "Your visits",
            "total": len(visits),
            "rows": [_visit_row(row, london_date(at)) for row in visits[:limit]],
            "ordering": "the next one first",
            "empty": "No visit is planned for you.",
            "all_url": reverse("desk-firearms-visits"),
            "all_text": "Plan visits",
        }
    if actor.may("request.fulfil"):
        requests = list_requests(actor=actor, at=at)
        yield {
            "id": "requests",
            "title": "Requests to answer",
            "total": requests.total,
            "rows": [_request_row(row) for row in requests.rows[:limit]],
            "ordering": "first due",
            "empty": "There are no requests to answer.",
            "all_url": reverse("desk-requests"),
            "all_text": "All requests",
        }


def service_notices(actor: Actor, at: datetime) -> Iterator[Notice]:
    """Yield what waits for the actor, with a link to each list."""
    if actor.may("firearms.check"):
        count = list_vetting_tasks(actor=actor, at=at).total
        if count:
            text = f"{labels.count_label(count, 'record')} may name a certificate holder"
            yield {"href": reverse("desk-firearms-vetting"), "text": text}
    if actor.may("refund.approve"):
        count = list_refunds(actor=actor, at=at).total
        if count:
            text = f"{labels.count_label(count, 'refund')} to deal with"
            yield {"href": reverse("desk-refunds"), "text": text}


def _applications(
    actor: Actor, at: datetime, filters: QueueFilter, *, id_: str, title: str, limit: int
) -> HomeList:
    page = list_queue(actor=actor, at=at, filters=filters)
    return {
        "id": id_,
        "title": title,
        "total": page.total,
        "rows": [_application_row(row) for row in page.rows[:limit]],
        "ordering": "longest waiting",
        "empty": "There are none at the moment.",
        "all_url": reverse("desk-firearms"),
        "all_text": "All applications",
    }


def _application_row(row: QueueRow) -> ListRow:
    list_row: ListRow = {
        "href": reverse("desk-firearms-application", kwargs={"reference": row.reference}),
        "text": row.applicant,
        "detail": labels.join_parts(
            row.reference,
            application_title(row.kind, row.certificates),
            f"here for {labels.count_label(row.days, 'day')}",
        ),
    }
    if tag := risk_tag(row.risk):
        list_row["tag"] = tag
    return list_row


def _visit_row(row: VisitRow, today: date) -> ListRow:
    return {
        "href": reverse("desk-firearms-application", kwargs={"reference": row.reference}),
        "text": row.applicant,
        "detail": labels.join_parts(format_date_time(row.planned_at, today=today), row.address),
    }


def _request_row(row: RequestRow) -> ListRow:
    due = f"due {format_date(row.answer_due_on)}" if row.answer_due_on else ""
    return {
        "href": reverse("desk-request", kwargs={"reference": row.reference}),
        "text": row.service_title,
        "detail": labels.join_parts(row.reference, row.name, due),
    }
