"""Fees: all of them as they stand today, and the history of one, with the form to set it."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.payments import lookups
from bluelamp.foundation.payments.commands import NewFee, set_fee
from bluelamp.foundation.payments.lookups import FeeDetail
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import labels
from bluelamp.web.desk.contexts import Tag
from bluelamp.web.desk.payments import texts
from bluelamp.web.formats import format_date
from bluelamp.web.render import render


@require_safe
@staff_required
def fees(request: HttpRequest) -> HttpResponse:
    """List every fee as it stands today."""
    all_fees = lookups.list_fees(actor=get_actor(request), at=now())
    unset = sum(not fee.is_chargeable for fee in all_fees)
    context = {
        "rows": [_fee_row(fee) for fee in all_fees],
        "summary": f"{labels.count_label(len(all_fees), 'fee')}, {unset} cannot be charged yet",
        "done": texts.SUCCESS_MESSAGES.get(request.GET.get("done", ""), ""),
    }
    return render(request, "desk/payments/fees.html.jinja", context)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def fee(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a code cost when; on POST set what it costs from a day on."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        new_fee = _read_fee(request, code, errors)
        if new_fee is not None:
            try:
                set_fee(actor=get_actor(request), at=now(), fee=new_fee)
                return redirect(f"{reverse('desk-fees')}?done=set")
            except Refused as refused:
                errors = refused.errors
    rows = lookups.get_fee_history(actor=get_actor(request), at=now(), code=code)
    if not rows:
        raise NotFound("There is no such fee")
    context = {
        "code": code,
        "title": rows[0].title,
        "history": [_fee_row(row) for row in rows],
        "values": request.POST if request.method == "POST" else {"vat_percent": "0"},
        "errors": errors,
        "back": reverse("desk-fees"),
    }
    return render(request, "desk/payments/fee.html.jinja", context)


def _read_fee(request: HttpRequest, code: str, errors: dict[str, str]) -> NewFee | None:
    """Return the fee of a posted form, or None with what is wrong in `errors`."""
    posted = request.POST

    def read_day(name: str, label: str) -> date | None:
        text = posted.get(name, "")[:20]
        return labels.parse_filter_date(text, field=name, label=label, errors=errors)

    valid_from, valid_until = read_day("valid_from", "From"), read_day("valid_until", "Last day")
    if valid_from is None:
        # Unless the text was no date, which has a message of its own.
        errors.setdefault("valid_from", "Enter the first day")
    net = 0
    try:
        net = texts.parse_pounds(posted.get("net", ""), field="net")
    except Refused as refused:
        errors |= refused.errors
    vat = posted.get("vat_percent", "").strip()
    # isdigit alone is true of "²", which int() refuses.
    if not (vat.isascii() and vat.isdigit() and len(vat) < 4):
        errors["vat_percent"] = "Enter VAT as a whole number of per cent, like 20"
    if errors or valid_from is None:
        return None
    return NewFee(
        code=code,
        net_pence=net,
        vat_percent=int(vat),
        valid_from=valid_from,
        valid_until=valid_until,
        source=posted.get("source", ""),
    )


def _fee_row(row: FeeDetail) -> dict[str, Any]:
    is_known = row.net_pence is not None
    if row.is_chargeable:
        tag = Tag("Can be charged", "green")
    else:
        tag = Tag("Not confirmed", "yellow") if is_known else Tag("Amount not known", "red")
    dates = [format_date(row.valid_from) or "Start not known"]
    if row.valid_until:
        dates.append(format_date(row.valid_until))
    return {
        "href": reverse("desk-fee", kwargs={"code": row.code}),
        "code": row.code,
        "title": row.title,
        "category": row.category,
        "net": texts.format_pounds(row.net_pence),
        "vat": "" if row.vat_percent is None else f"{row.vat_percent}%",
        "total": texts.format_pounds(row.total_pence),
        "tag": tag,
        "dates": " to ".join(dates),
        "basis": row.statutory_basis,
        "source": row.source,
        "note": row.note,
        "by": row.recorded_by or "Came with Bluelamp",
    }
