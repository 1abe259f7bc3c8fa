"""The standard conditions of certificates: their wording now, its source, and a new wording."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.services.firearms import messages
from bluelamp.services.firearms.commands.wordings import set_condition_wording
from bluelamp.services.firearms.lookups.wordings import list_wordings
from bluelamp.services.firearms.rules.condition_wordings import KINDS, Wording, find_wording
from bluelamp.services.firearms.rules.conditions import StandardCondition
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk.contexts import Tag
from bluelamp.web.desk.forms import read_field
from bluelamp.web.formats import format_date
from bluelamp.web.parsing import parse_date_field
from bluelamp.web.render import render

TITLES = {
    StandardCondition.SIGN: "1. Sign in ink",
    StandardCondition.NOTIFY: "2. Theft, loss and destruction",
    StandardCondition.ADDRESS: "3. Permanent address",
    StandardCondition.STORAGE: "4. Secure storage",
}


@require_safe
@staff_required
def conditions(request: HttpRequest) -> HttpResponse:
    """Show the wording of each condition, by kind of certificate."""
    at = now()
    today = london_date(at)
    wordings = list_wordings(actor=get_actor(request), at=at)
    context = {
        "kinds": [
            {
                "title": str(messages.CERTIFICATE_TITLES[kind]),
                "rows": [_condition_row(wordings, code, kind, today) for code in StandardCondition],
            }
            for kind in KINDS
        ],
        "done": "Wording saved" if request.GET.get("done") else "",
    }
    return render(request, "desk/firearms_conditions.html.jinja", context)


@require_http_methods(["GET", "POST"])
@staff_required
def condition(request: HttpRequest, kind: str, code: str) -> HttpResponse:
    """Show every wording of one condition. On POST put a new one in force."""
    actor, at = get_actor(request), now()
    errors: dict[str, str] = {}
    if request.method == "POST":
        start = read_field(errors, "in_force_from", parse_date_field, request.POST)
        try:
            if not errors:
                set_condition_wording(
                    actor=actor,
                    at=at,
                    code=code,
                    certificate_kind=kind,
                    text=request.POST.get("text", ""),
                    source=request.POST.get("source", ""),
                    in_force_from=start,
                )
                return redirect(f"{reverse('desk-firearms-conditions')}?done=saved")
        except Refused as refused:
            errors = dict(refused.errors)
    wordings = [
        wording
        for wording in list_wordings(actor=actor, at=at)
        if (wording.code, wording.certificate_kind) == (code, kind)
    ]
    # The address names a kind or a condition that there is not: the list has those there are.
    if not wordings:
        return redirect("desk-firearms-conditions")
    # Before the first one is in force, the last that was set.
    current = find_wording(wordings, code, kind, on=london_date(at)) or wordings[-1]
    context = {
        "title": TITLES[StandardCondition(code)],
        "kind": str(messages.CERTIFICATE_TITLES[kind]),
        "wordings": [
            {"wording": wording, "tag": _tag(wording, wording == current, london_date(at))}
            for wording in reversed(wordings)
        ],
        "values": request.POST if request.method == "POST" else {"text": current.text},
        "errors": errors,
    }
    status = 422 if errors else 200
    return render(request, "desk/firearms_condition.html.jinja", context, status=status)


def _condition_row(
    wordings: tuple[Wording, ...], code: StandardCondition, kind: str, today: date
) -> dict[str, Any]:
    wording = find_wording(wordings, code, kind, on=today)
    return {
        "title": TITLES[code],
        "href": reverse("desk-firearms-condition", kwargs={"kind": kind, "code": code}),
        "wording": wording,
        "tag": Tag("Confirmed", "green")
        if wording and wording.is_confirmed
        else Tag("Check against the Rules", "yellow"),
    }


def _tag(wording: Wording, is_current: bool, today: date) -> Tag:
    if is_current:
        return Tag("In force", "green")
    if wording.in_force_from > today:
        return Tag(f"From {format_date(wording.in_force_from)}", "blue")
    return Tag("Replaced", "grey")
