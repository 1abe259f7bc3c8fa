"""What holders told us: the list, one notice, and what the team does about it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.services.firearms import commands, lookups, messages
from bluelamp.services.firearms.lookups.holder_notices import (
    DONE,
    OPEN,
    STATES,
    UNMATCHED,
    GunPlace,
)
from bluelamp.services.firearms.rules.notice_actions import NoticeOutcome, OtherSide
from bluelamp.services.firearms.rules.notices import NoticeKind
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import labels as desk_labels
from bluelamp.web.desk.contexts import Tag
from bluelamp.web.desk.firearms import labels
from bluelamp.web.parsing import parse_uuid
from bluelamp.web.render import render

# The public site says "You sold …" to the holder; the team reads it of somebody else.
KINDS: Mapping[str, str] = {
    NoticeKind.PASSED_ON: "Gun passed on",
    NoticeKind.ACQUIRED: "Gun acquired",
    NoticeKind.RETURNED: "Gun given back after a loan",
    NoticeKind.GUN_LOST: "Gun lost or stolen",
    NoticeKind.GUN_DESTROYED: "Gun destroyed or deactivated",
    NoticeKind.AMMUNITION_LOST: "Ammunition lost or stolen",
    NoticeKind.CERTIFICATE_LOST: "Certificate lost, stolen or destroyed",
    NoticeKind.ADDRESS: "New address",
    NoticeKind.HEALTH: "Change of health",
}
OUTCOMES: Mapping[str, str] = {
    NoticeOutcome.REGISTER: "Change the gun on the certificate",
    NoticeOutcome.FOLLOW_UP: "Follow it up, by a visit or a review",
    NoticeOutcome.NOTED: "Nothing needs to change",
}
OTHER_SIDES: Mapping[str, Tag | None] = {
    OtherSide.MATCHED: Tag("Both sides told us", "green"),
    OtherSide.WAITING: Tag("Other side in time", "blue"),
    OtherSide.UNMATCHED: Tag("Other side missing", "red"),
    OtherSide.NOT_EXPECTED: None,
}
_MEANS: Mapping[str, str] = {
    "letter": "by letter",
    "email": "by email",
    "phone": "by phone",
    "in-person": "in person",
}
_DONE = {"yes": "Saved", "recorded": "Notice recorded"}
TABS = {OPEN: "To deal with", UNMATCHED: "Other side missing", DONE: "Dealt with"}
_EMPTY = {
    OPEN: "There are no notices to deal with.",
    UNMATCHED: "Both sides told us of every transfer, or are still in time.",
    DONE: "No notice has been dealt with yet.",
}
_ORDERS = {OPEN: "late ones first", UNMATCHED: "late ones first", DONE: "the latest first"}


@require_safe
@staff_required
def notices(request: HttpRequest) -> HttpResponse:
    """List what holders told us: notices to deal with, unless another list is chosen."""
    state = request.GET.get("state", OPEN)
    state = state if state in STATES else OPEN
    at = now()
    results = lookups.list_holder_notices(
        actor=get_actor(request),
        at=at,
        state=state,
        page=desk_labels.parse_page_number(request.GET.get("page", "")),
    )
    context = {
        "rows": [_notice_row(row, at) for row in results.rows],
        "options": [
            {"href": f"?state={value}", "text": text, "current": value == state}
            for value, text in TABS.items()
        ],
        "summary": f"{desk_labels.count_label(results.total, 'notice')}, {_ORDERS[state]}",
        "empty": _EMPTY[state],
        "page": desk_labels.page_links(page=results.page, pages=results.pages),
        "query": f"&state={state}",
    }
    return render(request, "desk/firearms/notices.html.jinja", context)


@require_safe
@staff_required
def holder_notice(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a notice as the holder gave it, with the other side's and what was done."""
    return _notice_page(request, reference)


@require_POST
@staff_required
def act(request: HttpRequest, reference: str) -> HttpResponse:
    """Record what the team does about a notice."""
    try:
        commands.act_on_notice(
            actor=get_actor(request),
            at=now(),
            reference=reference,
            outcome=request.POST.get("outcome", ""),
            reason=request.POST.get("reason", ""),
            place_id=parse_uuid(request.POST.get("place", "")),
        )
    except Refused as refused:
        return _notice_page(request, reference, errors=dict(refused.errors), status=422)
    except Conflict as conflict:
        return _notice_page(request, reference, errors={"": conflict.message}, status=409)
    return redirect(
        reverse("desk-firearms-holder-notice", kwargs={"reference": reference}) + "?done=yes"
    )


def _notice_page(
    request: HttpRequest,
    reference: str,
    *,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, at = get_actor(request), now()
    detail = lookups.get_holder_notice(actor=actor, at=at, reference=reference)
    row = detail.row
    # Each look at a holder's health is on record, so it is read only for whoever may see it.
    reads_health = row.kind == NoticeKind.HEALTH and actor.may("firearms.read_medical")
    context = {
        "notice": detail,
        "row": row,
        "title": KINDS[row.kind],
        "way": str(messages.NOTICE_WAYS[row.way]) if row.way else "",
        "is_health": row.kind == NoticeKind.HEALTH,
        "health": (
            lookups.get_health_notice(actor=actor, at=at, reference=reference)
            if reads_health
            else ""
        ),
        "make_and_model": labels.make_and_model(detail.gun_make, detail.gun_model),
        "other_kind": str(messages.OTHER_KIND_TITLES.get(detail.other_kind, "")),
        "other_side": OTHER_SIDES[row.other_side],
        "outcome": OUTCOMES.get(row.outcome, ""),
        "choices": [(outcome.value, OUTCOMES[outcome]) for outcome in detail.outcomes],
        "places": [(str(place.id), _place_label(place)) for place in detail.places],
        "asks_place": row.kind == NoticeKind.ACQUIRED,
        # A notice is acted on once.
        "may_act": actor.may("firearms.check") and not row.outcome,
        "values": request.POST if errors else {},
        "errors": errors or {},
        "means": _MEANS.get(detail.means, ""),
        "done": _DONE.get(request.GET.get("done", ""), ""),
    }
    return render(request, "desk/firearms/holder_notice.html.jinja", context, status=status)


def _place_label(place: GunPlace) -> str:
    parts = (place.type.capitalize(), place.calibre)
    kind = "" if place.type == "shotgun" and not place.calibre else "may be acquired: "
    return f"{place.certificate_number}, {kind}{' '.join(filter(None, parts))}"


def _notice_row(row: lookups.HolderNoticeRow, at: datetime) -> dict[str, Any]:
    return {
        "href": reverse("desk-firearms-holder-notice", kwargs={"reference": row.reference}),
        "reference": row.reference,
        "kind": KINDS[row.kind],
        "way": str(messages.NOTICE_WAYS[row.way]) if row.way else "",
        "holder": row.holder,
        "gun": row.gun,
        "other_name": row.other_name,
        "told": desk_labels.short_time(row.told_at, at=at),
        "due_on": row.due_on,
        "is_late": row.is_late,
        "is_overdue": row.is_late and not row.outcome,
        "other_side": OTHER_SIDES[row.other_side],
        "outcome": OUTCOMES.get(row.outcome, ""),
    }
