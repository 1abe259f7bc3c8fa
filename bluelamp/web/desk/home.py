"""The desk's home page: what needs this person's attention."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from bluelamp.casework.casefiles.lookups import CaseFileRow, list_case_files
from bluelamp.casework.casefiles.states import CaseFileState
from bluelamp.casework.crimes.lookups import CrimeRow, list_limit_alarms, list_my_investigations
from bluelamp.casework.investigations.lookups import ActionDetail, list_own_actions
from bluelamp.casework.reports.lookups import QueueRow, list_queue
from bluelamp.foundation.audit.lookups import list_failed_deliveries
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.notifications.lookups import list_undelivered_messages
from bluelamp.services.phone_files.lookups import list_phone_files
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import labels
from bluelamp.web.desk.actions import action_row
from bluelamp.web.desk.casefiles import STATE_TAGS
from bluelamp.web.desk.contexts import ListRow, ListSection, Notice, Tag
from bluelamp.web.desk.home_services import service_lists, service_notices
from bluelamp.web.render import render

T = TypeVar("T")
MAX_ROWS = 8
"""Rows of each list on the home page."""


@require_safe
@staff_required
def home(request: HttpRequest) -> HttpResponse:
    """Show what the person decides, works on and answers, and what went wrong.

    Each list is there only for a role that may see it: None stands for one that is not.
    """
    actor, at = get_actor(request), now()
    context = {
        "reports": _reports_to_decide(actor, at) if actor.may("crime.record") else None,
        "investigations": _my_investigations(actor, at) if actor.may("crime.view") else None,
        "actions": _own_actions(actor, at) if actor.may("investigation.write") else None,
        "case_files": _open_case_files(actor, at) if actor.may("casefile.view") else None,
        "service_lists": list(service_lists(actor, at, limit=MAX_ROWS)),
        "faults": [*_failure_notices(actor, at), *service_notices(actor, at)],
        # Whoever names suspects investigates: their own crimes come before the queue.
        "is_investigator": actor.may("suspect.name"),
    }
    return render(request, "desk/home.html.jinja", context)


def _reports_to_decide(actor: Actor, at: datetime) -> ListSection:
    page = list_queue(actor=actor, at=at, limit=MAX_ROWS)
    return _list_section(page.total, page.rows, _report_row)


def _my_investigations(actor: Actor, at: datetime) -> ListSection:
    page = list_my_investigations(actor=actor, at=at, limit=MAX_ROWS)
    return _list_section(page.total, page.rows, _crime_row)


def _own_actions(actor: Actor, at: datetime) -> ListSection:
    rows = list_own_actions(actor=actor, at=at).to_do
    today = london_date(at)
    return _list_section(len(rows), rows, lambda row: _action_row(row, today))


def _open_case_files(actor: Actor, at: datetime) -> ListSection:
    page = list_case_files(actor=actor, at=at, is_unsent=True)
    return _list_section(page.total, page.rows, _case_file_row)


def _list_section(
    total: int, rows: Sequence[T], to_list_row: Callable[[T], ListRow]
) -> ListSection:
    return {"total": total, "rows": [to_list_row(row) for row in rows[:MAX_ROWS]]}


def _report_row(row: QueueRow) -> ListRow:
    return {
        "href": reverse("desk-report", kwargs={"reference": row.reference}),
        "text": row.kind_title,
        "detail": labels.join_parts(row.reference, row.place),
        "tag": labels.deadline_tag(row.deadlines, row.state),
        "is_high_harm": row.is_high_harm,
    }


def _crime_row(row: CrimeRow) -> ListRow:
    return {
        "href": reverse("desk-crime", kwargs={"number": row.number}),
        "text": row.offence_title,
        "detail": labels.join_parts(row.number, row.place),
        "tag": labels.crime_tag(row.state),
    }


def _action_row(row: ActionDetail, today: date) -> ListRow:
    shown = action_row(row, today=today)
    return {
        "href": shown["href"],
        "text": shown["text"],
        "detail": labels.join_parts(row.crime_number, row.asked_by_name),
        "tag": shown["due"] or Tag("No date", "grey"),
    }


def _case_file_row(row: CaseFileRow) -> ListRow:
    return {
        "href": reverse("desk-case-file", kwargs={"urn": row.urn}),
        "text": row.urn,
        # Until a suspect is named, the offences are what tells one file from another.
        "detail": ", ".join(row.suspects or row.offences),
        "tag": STATE_TAGS[CaseFileState(row.state)],
    }


def _failure_notices(actor: Actor, at: datetime) -> list[Notice]:
    """Return what did not arrive and waits for somebody, with a link to each list."""
    faults: list[Notice] = []
    if actor.may("notification.follow_up"):
        # Only the count is shown here, so no message is read.
        count = list_undelivered_messages(actor=actor, at=at, limit=0).total
        if count:
            text = f"{labels.count_label(count, 'message')} not delivered"
            faults.append({"href": reverse("desk-undelivered"), "text": text})
    if actor.may("event.retry"):
        count = len(list_failed_deliveries(actor=actor, at=at))
        if count:
            text = labels.count_label(count, "failed update")
            faults.append({"href": reverse("desk-failed-deliveries"), "text": text})
    if actor.may("device.bring_in"):
        count = list_phone_files(actor=actor, at=at).waiting
        if count:
            text = f"{labels.count_label(count, 'file')} from a phone to decide about"
            faults.append({"href": reverse("desk-phone-files"), "text": text})
    if actor.may("device.manage"):
        count = len(list_limit_alarms(actor=actor, at=at))
        if count:
            text = f"{labels.count_label(count, 'officer')} at the limit of devices or numbers"
            faults.append({"href": reverse("desk-devices"), "text": text})
    return faults
