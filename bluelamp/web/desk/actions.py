"""Questions and actions: ask an officer about a crime, see what is asked of oneself, answer."""

from datetime import date
from typing import Any, TypedDict
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bluelamp.casework.crimes.lookups import get_crime
from bluelamp.casework.investigations.commands import ask_for_action, record_action_result
from bluelamp.casework.investigations.lookups import ActionDetail, get_action, list_own_actions
from bluelamp.foundation.accounts.lookups import list_officers_who_may
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import labels
from bluelamp.web.desk.contexts import Tag
from bluelamp.web.desk.crime_actions import crime_form_page, redirect_to_crime
from bluelamp.web.formats import format_date
from bluelamp.web.parsing import parse_uuid
from bluelamp.web.render import render


class ActionRow(TypedDict):
    """An action as lists show it."""

    href: str
    number: str
    text: str
    asked_by: str
    assigned_to: str
    due: Tag | None
    answer: str
    answered_by: str
    answered: str


@require_safe
@staff_required
def actions(request: HttpRequest) -> HttpResponse:
    """List what the person is asked to do, or what they asked of others, the late ones first."""
    at = now()
    own = list_own_actions(actor=get_actor(request), at=at)
    show = "asked" if request.GET.get("show") == "asked" else "mine"
    found = own.asked_for if show == "asked" else own.to_do
    rows = [action_row(row, today=london_date(at)) for row in found]
    late = sum(row.is_late(london_date(at)) for row in found)
    context = {
        "rows": rows,
        "show": show,
        "counts": {"mine": len(own.to_do), "asked": len(own.asked_for)},
        "summary": labels.count_label(len(rows), "question or action", "questions and actions")
        + (f", {late} late" if late else ""),
        "empty": "You have asked nobody in the last 14 days. To ask, open a crime."
        if show == "asked"
        else "Nobody is asking you anything.",
    }
    return render(request, "desk/actions.html.jinja", context)


@require_http_methods(["GET", "POST"])
@staff_required
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Ask an officer something about a crime, or give them something to do."""
    actor, at = get_actor(request), now()
    errors: dict[str, str] = {}
    if request.method == "POST":
        due_on = labels.parse_filter_date(
            request.POST.get("due_on", "")[:20], field="due_on", label="Date", errors=errors
        )
        officer_id = parse_uuid(request.POST.get("officer", ""))
        if officer_id is None:
            errors["officer"] = "Select an officer"
        try:
            if not errors:
                ask_for_action(
                    actor=actor,
                    at=at,
                    number=number,
                    text=request.POST.get("text", ""),
                    officer_id=officer_id,
                    due_on=due_on,
                )
                return redirect_to_crime(number, done="asked")
        except Refused as refused:
            errors = dict(refused.errors)
    crime = get_crime(actor=actor, at=at, number=number)
    choices = [("", "Select an officer")] + [
        (str(officer.id), labels.join_parts(officer.display_name, officer.unit))
        for officer in list_officers_who_may("investigation.write", force=actor.force)
    ]
    return crime_form_page(
        request,
        number,
        "desk/ask.html.jinja",
        permission="investigation.write",
        errors=errors,
        values={"officer": str(crime.officer_in_case_id or crime.recorded_by_id or "")},
        extra={"officers": choices},
    )


@require_http_methods(["GET", "POST"])
@staff_required
def action(request: HttpRequest, number: str, action_id: UUID) -> HttpResponse:
    """Show what is asked, with its answer; or answer it."""
    actor, at = get_actor(request), now()
    detail = get_action(actor=actor, at=at, action_id=action_id)
    if detail.crime_number != get_crime(actor=actor, at=at, number=number).number:
        raise NotFound("There is no such action")
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            text = request.POST.get("text", "")
            record_action_result(actor=actor, at=at, action_id=action_id, text=text)
            return redirect_to_crime(detail.crime_number, done="answered")
        except Refused as refused:
            errors = dict(refused.errors)
        except Conflict as conflict:
            errors = {"text": conflict.message}
    extra: dict[str, Any] = {"action": detail}
    return crime_form_page(
        request,
        number,
        "desk/action.html.jinja",
        permission="investigation.write",
        errors=errors,
        extra=extra,
    )


def action_row(row: ActionDetail, *, today: date) -> ActionRow:
    """Return an action as lists show it. `today` is the day in London."""
    result = row.result
    address = {"number": row.crime_number, "action_id": row.id}
    return {
        "href": reverse("desk-action", kwargs=address),
        "number": row.crime_number,
        "text": row.text,
        "asked_by": row.asked_by_name,
        "assigned_to": row.assigned_to_name,
        "due": due_tag(row, today=today),
        "answer": result.text if result else "",
        "answered_by": result.by_name if result else "",
        "answered": format_date(result.at) if result else "",
    }


def due_tag(row: ActionDetail, *, today: date) -> Tag | None:
    """Return the tag that says by when it is wanted, or that it is answered; None for no day."""
    if row.result:
        return Tag("Answered", "green")
    if row.due_on is None:
        return None
    if row.is_late(today):
        return Tag(f"Late: {format_date(row.due_on)}", "red")
    return Tag(f"By {format_date(row.due_on)}", "yellow" if row.due_on == today else "blue")
