"""Temporary permits: those on issue, and issuing one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.errors import NotFound, NotPermitted, Refused
from bluelamp.records.people.rules import LocationInput, PersonInput
from bluelamp.services.firearms import commands, lookups, messages
from bluelamp.services.firearms.rules.permits import (
    PermitGun,
    PermitInput,
    PermitPurpose,
    usual_last_day,
)
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import labels as desk_labels
from bluelamp.web.desk.forms import read_field, require_permission
from bluelamp.web.parsing import parse_date_field, parse_number_field, parse_uuid
from bluelamp.web.render import render

GUN_ROWS = 4
"""Rows for guns that are on none of our certificates."""
_GUN_FIELDS = ("type", "make", "model", "calibre", "serial_number")
_NO_AUTHORITY = (
    "The authority table does not let you grant a temporary permit at this risk. Ask somebody whom"
    " it names"
)


@require_safe
@staff_required
def permits(request: HttpRequest) -> HttpResponse:
    """List the temporary permits on issue, those that end first before others."""
    actor = get_actor(request)
    rows = lookups.list_permits(actor=actor, at=now())
    on_issue = sum(row.days_left >= 0 for row in rows)
    context = {
        "rows": [_permit_row(row) for row in rows],
        "summary": f"{desk_labels.count_label(on_issue, 'permit')} on issue, those that end first"
        " before others",
        "may_issue": actor.may("firearms.decide"),
    }
    return render(request, "desk/firearms_permits.html.jinja", context)


@require_http_methods(["GET", "POST"])
@staff_required
def issue(request: HttpRequest) -> HttpResponse:
    """Ask for what a permit needs. On POST issue it, and show it."""
    actor, at = get_actor(request), now()
    require_permission(actor, "firearms.decide")
    # A link on the page of a certificate brings its number.
    posted = request.POST if request.method == "POST" else request.GET
    number = parse_number_field(posted.get("from_number", ""))
    errors: dict[str, str] = {}
    source = None
    if number:
        try:
            source = lookups.get_certificate_holder(actor=actor, at=at, number=number)
        except NotFound:
            errors["from_number"] = "Enter the number of one of our certificates"
    status = 200
    # The other button of the page only looks a certificate up.
    if request.method == "POST" and "find" not in request.POST and not errors:
        status = 422
        permit = _read_permit(request, number, errors)
        try:
            # A date that cannot be read is None in the permit: it must not be issued without it.
            if not errors:
                permit_number = commands.issue_temporary_permit(actor=actor, at=at, permit=permit)
                url = reverse("desk-firearms-certificate", kwargs={"number": permit_number})
                return redirect(f"{url}?done=permit")
        except Refused as refused:
            errors = dict(refused.errors)
        except NotPermitted:
            errors, status = {"": _NO_AUTHORITY}, 403
    context = {
        "purposes": [(value, str(text)) for value, text in messages.PERMIT_PURPOSES.items()],
        "risks": [(value, str(text)) for value, text in messages.RISK_TITLES.items()],
        "source": source,
        "guns": [
            {"value": str(gun.id), "text": gun.name, "hint": {"text": gun.serial_number}}
            for gun in (source.guns if source else ())
            # What somebody else has is theirs to keep until they give it back.
            if gun.certificate_number == number and not gun.is_lent
        ],
        "gun_rows": range(1, GUN_ROWS + 1),
        "values": _form_values(request, number, london_date(at)),
        "errors": errors,
    }
    return render(
        request, "desk/firearms_permit.html.jinja", context, status=status if errors else 200
    )


def _form_values(request: HttpRequest, number: str, today: date) -> dict[str, Any]:
    values: dict[str, Any] = request.POST.dict() | {"from_number": number}
    values["gun_ids"] = request.POST.getlist("gun_ids")
    # A day that somebody emptied comes back empty.
    if "expires_on_day" not in values:
        last = usual_last_day(today)
        values |= {
            "expires_on_day": last.day,
            "expires_on_month": last.month,
            "expires_on_year": last.year,
        }
    return values


def _read_permit(request: HttpRequest, number: str, errors: dict[str, str]) -> PermitInput:
    posted = request.POST
    return PermitInput(
        purpose=posted.get("purpose", ""),
        from_number=number,
        gun_ids=tuple(filter(None, map(parse_uuid, posted.getlist("gun_ids")))),
        guns=tuple(
            PermitGun(
                **{field: posted.get(f"gun{row}_{field}", "").strip() for field in _GUN_FIELDS}
            )
            for row in range(1, GUN_ROWS + 1)
        ),
        holder=_read_holder(request, errors),
        storage_address=posted.get("storage_address", ""),
        expires_on=read_field(errors, "expires_on", parse_date_field, posted),
        may_use=posted.get("may_use") == "yes",
        ammunition=posted.get("ammunition", ""),
        reasons=posted.get("reasons", ""),
        risk=posted.get("risk", ""),
    )


def _read_holder(request: HttpRequest, errors: dict[str, str]) -> PersonInput | None:
    """Return who gets the permit, None where nobody is named."""
    posted = request.POST
    names = ("given_name", "family_name", "phone", "email", "address", "postcode")
    texts = {name: posted.get(name, "").strip() for name in names}
    # With nothing of a person the permit is for the holder of the certificate.
    if not any(texts.values()):
        return None
    address, postcode = texts["address"], texts["postcode"]
    return PersonInput(
        given_name=texts["given_name"],
        family_name=texts["family_name"],
        phone=texts["phone"],
        email=texts["email"],
        born_on=read_field(errors, "born_on", parse_date_field, posted),
        address=LocationInput(address=address, postcode=postcode) if address else None,
    )


def _permit_row(row: lookups.PermitRow) -> dict[str, Any]:
    ended = row.days_left < 0
    left = (
        "Run out: where are the guns?" if ended else desk_labels.count_label(row.days_left, "day")
    )
    return {
        "href": reverse("desk-firearms-certificate", kwargs={"number": row.number}),
        "number": row.number,
        "holder": row.holder,
        "purpose": PURPOSES[row.purpose],
        "guns": row.guns,
        "use": "May be used" if row.may_use else "No use",
        "expires_on": row.expires_on,
        "left": left,
        "issued_by": row.issued_by_name,
        "is_overdue": ended,
    }


PURPOSES: Mapping[str, str] = {
    PermitPurpose.ESTATE: "Estate",
    PermitPurpose.LATE_RENEWAL: "Late renewal",
    PermitPurpose.OTHER: "Other",
}
