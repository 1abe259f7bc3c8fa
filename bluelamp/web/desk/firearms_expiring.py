"""Certificates that end soon, as a page and as a CSV file, and the yearly figures."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_safe

from bluelamp.foundation.kernel.clock import now
from bluelamp.services.firearms.lookups.expiring import (
    ExpiringRow,
    export_expiring_certificates,
    list_expiring_certificates,
)
from bluelamp.services.firearms.lookups.returns import get_yearly_return
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import labels
from bluelamp.web.desk.csv_files import CsvFile
from bluelamp.web.formats import format_date
from bluelamp.web.render import render

RETURN_COLUMNS = ("measure", "application", "certificate", "count")
COLUMNS = ("number", "kind", "holder", "expires_on", "extended_until", "is_over", "renewal")


@require_safe
@staff_required
def expiring(request: HttpRequest) -> HttpResponse:
    """List the certificates that end within 16 weeks, and those that nobody has ended."""
    page = labels.parse_page_number(request.GET.get("page", ""))
    results = list_expiring_certificates(actor=get_actor(request), at=now(), page=page)
    context = {
        "rows": [_expiring_row(row) for row in results.rows],
        "summary": labels.count_label(results.total, "certificate") + ", the earliest first",
        "page": labels.page_links(page=results.page, pages=results.pages),
    }
    return render(request, "desk/firearms_expiring.html.jinja", context)


@require_safe
@staff_required
def expiring_csv(request: HttpRequest) -> HttpResponseBase:
    """Send the whole list as a CSV file."""
    file = CsvFile(COLUMNS)
    export_expiring_certificates(
        actor=get_actor(request), at=now(), write=lambda row: file.write(_csv_line(row, COLUMNS))
    )
    return file.response("expiring-certificates.csv")


@require_safe
@staff_required
def return_csv(request: HttpRequest) -> HttpResponseBase:
    """Send the figures of the latest year to 31 March as a CSV file."""
    end, lines = get_yearly_return(actor=get_actor(request), at=now())
    file = CsvFile(RETURN_COLUMNS)
    for line in lines:
        file.write(_csv_line(line, RETURN_COLUMNS))
    return file.response(f"firearms-year-to-{end.isoformat()}.csv")


def _csv_line(row: object, columns: tuple[str, ...]) -> tuple[object, ...]:
    values = (getattr(row, name) for name in columns)
    return tuple("" if value is None else value for value in values)


def _expiring_row(row: ExpiringRow) -> dict[str, object]:
    end = format_date(row.expires_on)
    if row.extended_until:
        end = f"{end}, extended to {format_date(row.extended_until)}"
    return {
        "href": reverse("desk-firearms-certificate", kwargs={"number": row.number}),
        "number": row.number,
        "holder": row.holder,
        "kind": row.kind.replace("-", " ").capitalize(),
        "end": end,
        "renewal": row.renewal or ("Not in force: act now" if row.is_over else "None"),
        "is_overdue": row.is_over,
    }
