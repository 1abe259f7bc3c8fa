"""The authority table: who may decide what. Lines are added and ended here, and never changed."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.services.firearms import commands, messages
from bluelamp.services.firearms.lookups.authorities import AuthorityRow, get_authority_table
from bluelamp.services.firearms.rules.decisions import DecisionKind
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import labels as desk_labels
from bluelamp.web.desk.firearms import labels
from bluelamp.web.desk.firearms.days import read_day
from bluelamp.web.formats import format_date
from bluelamp.web.render import render

DONE = {"added": "Line added", "ended": "Line ended"}
_TEXTS = ("username", "decision", "certificate_kind", "max_risk", "written_in", "granted_by_name")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def authority(request: HttpRequest) -> HttpResponse:
    """Show the table. On POST add a line to it."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            commands.add_authority(
                actor=get_actor(request), at=now(), authority=_read_authority(request)
            )
        except Refused as refused:
            errors = dict(refused.errors)
        else:
            return HttpResponseRedirect(reverse("desk-firearms-authority") + "?done=added")
    return _authority_page(request, errors)


@require_POST
@staff_required
def end(request: HttpRequest, authority_id: UUID) -> HttpResponse:
    """End a line with today."""
    commands.end_authority(actor=get_actor(request), at=now(), authority_id=authority_id)
    return HttpResponseRedirect(reverse("desk-firearms-authority") + "?done=ended")


def _authority_page(request: HttpRequest, errors: dict[str, str]) -> HttpResponse:
    actor, at = get_actor(request), now()
    table = get_authority_table(actor=actor, at=at)
    in_force = sum(not row.is_over for row in table.rows)
    context = {
        "rows": [_authority_row(row, today=london_date(at)) for row in table.rows],
        "summary": f"{desk_labels.count_label(in_force, 'line')} in force",
        "may_write": actor.may("firearms.authority"),
        "people": [("", "Select a person"), *table.people],
        "has_people": bool(table.people),
        "decisions": labels.choices(messages.DECISION_TITLES, tuple(DecisionKind)),
        "kinds": [("", "Any"), *labels.choices(messages.CERTIFICATE_TITLES)],
        "risks": labels.choices(messages.RISK_TITLES),
        "values": request.POST if errors else {},
        "errors": errors,
        "done": DONE.get(request.GET.get("done", ""), ""),
    }
    status = 422 if errors else 200
    return render(request, "desk/firearms/authority.html.jinja", context, status=status)


def _read_authority(request: HttpRequest) -> commands.AuthorityInput:
    return commands.AuthorityInput(
        valid_from=read_day(request, "valid_from"),
        valid_until=read_day(request, "valid_until"),
        **{name: request.POST.get(name, "") for name in _TEXTS},
    )


def _authority_row(row: AuthorityRow, *, today: date) -> dict[str, object]:
    kind = row.certificate_kind
    return {
        "id": row.id,
        "name": row.name,
        "decision": str(messages.DECISION_TITLES[row.decision]),
        "kind": str(messages.CERTIFICATE_TITLES[kind]) if kind else "Any",
        "risk": str(messages.RISK_TITLES[row.max_risk]),
        "from": format_date(row.valid_from),
        "until": format_date(row.valid_until) if row.valid_until else "",
        "written_in": row.written_in,
        "granted_by_name": row.granted_by_name,
        "is_over": row.is_over,
        # One that ends today has nothing left to end.
        "can_end": row.valid_until is None or row.valid_until > max(today, row.valid_from),
    }
