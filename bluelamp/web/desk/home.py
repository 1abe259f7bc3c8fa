"""The desk's home page: what needs this person's attention."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from bluelamp.casework.casefiles.lookups import list_case_files
from bluelamp.casework.casefiles.states import CaseFileState
from bluelamp.casework.crimes.lookups import list_my_investigations
from bluelamp.casework.reports.lookups import list_queue
from bluelamp.foundation.audit.lookups import list_failed_deliveries
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.notifications.lookups import undelivered_messages
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import labels
from bluelamp.web.desk.casefiles import STATE_TAGS
from bluelamp.web.desk.contexts import ListSection, Notice
from bluelamp.web.render import render

MAX_ROWS = 8
"""Rows of each list on the home page."""


@require_safe
@staff_required
def home(request: HttpRequest) -> HttpResponse:
    """Show the reports to decide, the person's own crimes, the case files to finish, and faults.

    Each list is there only for a role that may see it: None stands for one that is not.
    """
    actor, at = get_actor(request), now()
    context = {
        "reports": _reports_to_decide(actor, at) if actor.may("crime.record") else None,
        "investigations": _my_investigations(actor, at) if actor.may("crime.view") else None,
        "case_files": _open_case_files(actor, at) if actor.may("casefile.view") else None,
        "faults": _failure_notices(actor, at),
        # Whoever names suspects investigates: their own crimes come before the queue.
        "is_investigator": actor.may("suspect.name"),
    }
    return render(request, "desk/home.html.jinja", context)


def _reports_to_decide(actor: Actor, at: datetime) -> ListSection:
    page = list_queue(actor=actor, at=at, limit=MAX_ROWS)
    return {
        "total": page.total,
        "rows": [
            {
                "href": reverse("desk-report", kwargs={"reference": row.reference}),
                "text": row.kind_title,
                "detail": ", ".join(filter(None, (row.reference, row.place))),
                "tag": labels.deadline_tag(row.deadlines, row.state),
                "is_high_harm": row.is_high_harm,
            }
            for row in page.rows
        ],
    }


def _my_investigations(actor: Actor, at: datetime) -> ListSection:
    page = list_my_investigations(actor=actor, at=at, limit=MAX_ROWS)
    return {
        "total": page.total,
        "rows": [
            {
                "href": reverse("desk-crime", kwargs={"number": row.number}),
                "text": row.offence_title,
                "detail": ", ".join(filter(None, (row.number, row.place))),
                "tag": labels.crime_tag(row.state),
            }
            for row in page.rows
        ],
    }


def _open_case_files(actor: Actor, at: datetime) -> ListSection:
    page = list_case_files(actor=actor, at=at, is_unsent=True)
    return {
        "total": page.total,
        "rows": [
            {
                "href": reverse("desk-case-file", kwargs={"urn": row.urn}),
                "text": row.urn,
                "detail": ", ".join(row.suspects or row.offences),
                "tag": STATE_TAGS[CaseFileState(row.state)],
            }
            for row in page.rows[:MAX_ROWS]
        ],
    }


def _failure_notices(actor: Actor, at: datetime) -> list[Notice]:
    """Return what did not arrive and waits for somebody, with a link to each list."""
    faults: list[Notice] = []
    if actor.may("notification.follow_up"):
        # Only the count is shown here, so no message is read.
        count = undelivered_messages(actor=actor, at=at, limit=0).total
        if count:
            text = f"{labels.count_label(count, 'message')} not delivered"
            faults.append({"href": reverse("desk-undelivered"), "text": text})
    if actor.may("event.retry"):
        count = len(list_failed_deliveries(actor=actor, at=at))
        if count:
            text = labels.count_label(count, "failed update")
            faults.append({"href": reverse("desk-failed-deliveries"), "text": text})
    return faults
