"""Record what a holder told us in a letter, by phone or in person."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.services.firearms import lookups, messages
from bluelamp.services.firearms.commands.recording_notices import record_notice
from bluelamp.services.firearms.rules.notices import (
    NOT_ONLINE,
    OF_A_HELD_GUN,
    TRANSFERS,
    WAYS,
    Means,
    NoticeKind,
    limit_in_days,
)
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk.firearms.notices import KINDS
from bluelamp.web.desk.forms import read_field, require_permission
from bluelamp.web.firearms_forms import read_notice
from bluelamp.web.formats import format_date
from bluelamp.web.parsing import parse_date_field, parse_number_field
from bluelamp.web.render import render

MEANS: Mapping[str, str] = {
    Means.ONLINE: "Online",
    Means.LETTER: "By letter",
    Means.EMAIL: "By email",
    Means.PHONE: "By phone",
    Means.IN_PERSON: "In person",
}
# By statute in writing (Firearms Act 1968 s.42B), so a call is a reason to ask for a letter too.
_IN_WRITING = frozenset(
    {NoticeKind.PASSED_ON, NoticeKind.ACQUIRED, NoticeKind.GUN_LOST, NoticeKind.GUN_DESTROYED}
)


@require_http_methods(["GET", "POST"])
@staff_required
def start(request: HttpRequest) -> HttpResponse:
    """Ask whose notice it is and what it is about."""
    actor = get_actor(request)
    require_permission(actor, "firearms.check")
    errors: dict[str, str] = {}
    if request.method == "POST":
        number = parse_number_field(request.POST.get("number", ""))
        kind = request.POST.get("kind", "")
        # Both fields are looked at, so that both errors are shown at once.
        if kind not in KINDS:
            errors["kind"] = "Select what they told us"
        try:
            holder = lookups.get_certificate_holder(actor=actor, at=now(), number=number)
        except NotFound:
            errors["number"] = "Enter the number of one of our certificates"
        if not errors:
            return redirect("desk-firearms-record-notice", number=holder.number, kind=kind)
    context = {
        "kinds": list(KINDS.items()),
        # A link on the page of a certificate brings its number.
        "values": request.POST or {"number": request.GET.get("number", "")[:40]},
        "errors": errors,
    }
    status = 422 if errors else 200
    return render(request, "desk/firearms/notice_start.html.jinja", context, status=status)


@require_http_methods(["GET", "POST"])
@staff_required
def record(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """Ask about one kind of notice. On POST record it, and show it."""
    if kind not in KINDS:
        raise Http404
    actor, at = get_actor(request), now()
    require_permission(actor, "firearms.check")
    holder = lookups.get_certificate_holder(actor=actor, at=at, number=number)
    errors: dict[str, str] = {}
    if request.method == "POST":
        told_on = read_field(
            errors, "told_on", parse_date_field, request.POST, label="The date they told us"
        )
        happened_on = read_field(errors, "happened_on", parse_date_field, request.POST)
        try:
            if not errors:
                # An empty date is no error to `read_field`: it returns None for it.
                if told_on is None:
                    raise Refused("Enter the date they told us", field="told_on")
                reference = record_notice(
                    actor=actor,
                    at=at,
                    holder_id=holder.id,
                    notice=read_notice(request.POST, kind=kind, happened_on=happened_on),
                    told_on=told_on,
                    means=request.POST.get("means", ""),
                )
                url = reverse("desk-firearms-holder-notice", kwargs={"reference": reference})
                return redirect(f"{url}?done=recorded")
        except Refused as refused:
            errors = dict(refused.errors)
    context = _describe_form(request, holder, kind) | {"errors": errors}
    status = 422 if errors else 200
    return render(request, "desk/firearms/notice_record.html.jinja", context, status=status)


def _describe_form(
    request: HttpRequest, holder: lookups.CertificateHolder, kind: str
) -> dict[str, Any]:
    values: dict[str, Any] = request.POST.dict()
    # Made with the form: sent twice, it is one notice.
    values.setdefault("notice_id", str(new_id()))
    if request.method == "GET":
        today = london_date(now())
        # Most of them call, and are told of at once.
        values |= {
            "told_on_day": today.day,
            "told_on_month": today.month,
            "told_on_year": today.year,
            "certificate_number": holder.number,
        }
    # Only what is on loan can come back.
    guns = [gun for gun in holder.guns if gun.is_on_loan or kind != NoticeKind.RETURNED]
    days, abroad = limit_in_days(kind), limit_in_days(kind, is_abroad=True)
    return {
        "holder": holder,
        "kind": kind,
        "title": KINDS[kind],
        "values": values,
        "limit": _word_limit(days, abroad),
        "wants_writing": kind in _IN_WRITING,
        "means": [(value, MEANS[value]) for value in NOT_ONLINE],
        "guns": [
            {
                "value": str(gun.id),
                "text": gun.name,
                "hint": {"text": f"{gun.serial_number}, on {gun.certificate_number}"},
            }
            for gun in guns
        ],
        "is_of_a_gun": kind in OF_A_HELD_GUN,
        "is_transfer": kind in TRANSFERS,
        "ways": [(way, str(messages.NOTICE_WAYS[way])) for way in WAYS.get(NoticeKind(kind), ())],
        "others": [(value, str(text)) for value, text in messages.OTHER_KIND_TITLES.items()],
        "certificates": [
            (number, f"{messages.CERTIFICATE_TITLES[kind]} {number}")
            for number, kind in holder.certificates
        ],
        "example": format_date(london_date(now())),
    }


def _word_limit(days: int | None, abroad: int | None) -> str:
    if days is None:
        return "The law names no number of days for this."
    if days == abroad:
        return f"The law gives {days} days, which end on the day they told us."
    return f"The law gives {days} days, or {abroad} if it was abroad."
