"""The list of payments, with search and filters; and the two files for finance."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.payments import lookups
from bluelamp.foundation.payments.lookups import LedgerRow, PaymentFilter, PaymentRow
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import labels
from bluelamp.web.desk.csv_files import CsvFile
from bluelamp.web.desk.forms import require_permission
from bluelamp.web.desk.payments import texts
from bluelamp.web.private_searches import encode_search
from bluelamp.web.render import render

MAX_QUERY = 100


@require_safe
@staff_required
def payments(request: HttpRequest) -> HttpResponse:
    """List payments, the newest first."""
    values, filters, errors = _read_filter(request)
    page_number = labels.parse_page_number(request.GET.get("page", ""))
    at = now()
    page = lookups.list_payments(actor=get_actor(request), at=at, filters=filters, page=page_number)
    active = {name: value for name, value in values.items() if value}
    count = labels.count_label(page.total, "payment")
    context = {
        "rows": [_payment_row(row) for row in page.rows],
        "summary": f"{count}, {texts.format_pounds(page.total_pence)} in all",
        "empty": "No payments match. Change the filters." if active else "No payments yet.",
        "values": values,
        "errors": errors,
        "states": [("", "All"), *((key, tag.text) for key, tag in texts.STATES.items())],
        "methods": [("", "All"), *texts.METHODS.items()],
        "page": labels.page_links(page=page.page, pages=page.pages),
        "query": "&" + encode_search(active) if active else "",
    }
    return render(request, "desk/payments/payments.html.jinja", context)


@require_safe
@staff_required
def exports(request: HttpRequest) -> HttpResponse:
    """Show what finance can download."""
    require_permission(get_actor(request), "payment.export")
    return _exports_page(request, {}, {})


@require_safe
@staff_required
def ledger_csv(request: HttpRequest) -> HttpResponseBase:
    """Send the ledger between two days as CSV."""
    require_permission(get_actor(request), "payment.export")
    values, filters, errors = _read_filter(request)
    if errors or filters.from_ is None or filters.to is None:
        errors = errors or {"from": "Enter the first and the last day"}
        return _exports_page(request, values, errors)
    head = (
        "transaction", "at", "kind", "payment", "for", "method", "account", "fee", "amount_gbp",
        "govuk_pay_id",
    )  # fmt: skip
    file = CsvFile(head)
    lookups.export_ledger(
        actor=get_actor(request),
        at=now(),
        from_=filters.from_,
        to=filters.to,
        write=lambda row: file.write(_ledger_line(row)),
    )
    return file.response(f"ledger-{filters.from_}-{filters.to}.csv")


@require_safe
@staff_required
def payments_csv(request: HttpRequest) -> HttpResponseBase:
    """Send the payments that the filters let through as CSV."""
    require_permission(get_actor(request), "payment.export")
    values, filters, errors = _read_filter(request)
    if errors:
        return _exports_page(request, values, errors)
    head = (
        "payment", "for", "description", "state", "method", "total_gbp", "refunded_gbp",
        "requested_at", "paid_at",
    )  # fmt: skip
    file = CsvFile(head)
    lookups.export_payments(
        actor=get_actor(request),
        at=now(),
        filters=filters,
        write=lambda row: file.write(_payment_line(row)),
    )
    return file.response("payments.csv")


def _exports_page(
    request: HttpRequest, values: dict[str, str], errors: dict[str, str]
) -> HttpResponse:
    today = london_date(now())
    last_month = today.replace(day=1) - timedelta(days=1)
    # A month is booked when it is over.
    values = values or {"from": str(last_month.replace(day=1)), "to": str(last_month)}
    context = {"values": values, "errors": errors}
    return render(request, "desk/payments/exports.html.jinja", context)


def _read_filter(
    request: HttpRequest,
) -> tuple[dict[str, str], PaymentFilter, dict[str, str]]:
    values = {name: request.GET.get(name, "")[:20] for name in ("state", "method", "from", "to")}
    values["q"] = request.GET.get("q", "")[:MAX_QUERY]
    errors: dict[str, str] = {}

    def read_day(name: str, label: str) -> date | None:
        return labels.parse_filter_date(values[name], field=name, label=label, errors=errors)

    filters = PaymentFilter(
        query=values["q"],
        state=values["state"] if values["state"] in texts.STATES else "",
        method=values["method"] if values["method"] in texts.METHODS else "",
        from_=read_day("from", "From"),
        to=read_day("to", "To"),
    )
    return values, filters, errors


def _payment_row(row: PaymentRow) -> dict[str, Any]:
    return {
        "href": reverse("desk-payment", kwargs={"reference": row.reference}),
        "reference": row.reference,
        "what": row.description,
        "for": row.payable_reference,
        "amount": texts.format_pounds(row.total_pence),
        "refunded": texts.format_pounds(row.refunded_pence) if row.refunded_pence else "",
        "tag": texts.STATES[row.state],
        "method": texts.METHODS.get(row.method, ""),
        "when": labels.short_time(row.requested_at, at=now()),
    }


def _ledger_line(row: LedgerRow) -> tuple[object, ...]:
    return (
        row.transaction_id,
        row.at.isoformat(),
        row.kind,
        row.payment_reference,
        row.payable_reference,
        row.method,
        row.account,
        row.fee_code,
        _to_decimal(row.amount_pence),
        row.provider_id,
    )


def _payment_line(row: PaymentRow) -> tuple[object, ...]:
    return (
        row.reference,
        row.payable_reference,
        row.description,
        row.state,
        row.method,
        _to_decimal(row.total_pence),
        _to_decimal(row.refunded_pence),
        row.requested_at.isoformat(),
        row.paid_at.isoformat() if row.paid_at else "",
    )


def _to_decimal(pence: int) -> str:
    """Return an amount in pounds as finance systems read it: -1234.05."""
    # A hyphen: the minus sign of our pages is no number to other programs.
    sign = "-" if pence < 0 else ""
    return f"{sign}{abs(pence) // 100}.{abs(pence) % 100:02d}"
