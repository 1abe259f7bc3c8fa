"""Holders among whose notices something is unusual, for somebody to look at."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from bluelamp.foundation.kernel.clock import now
from bluelamp.services.firearms import lookups
from bluelamp.services.firearms.rules.patterns import LEAST, Pattern
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import labels
from bluelamp.web.formats import format_date
from bluelamp.web.render import render

_TITLES: Mapping[Pattern, str] = {
    Pattern.MANY_ACQUIRED: "guns got",
    Pattern.QUICK_TURNOVER: "guns got and passed on",
    Pattern.REPEATED_LOSS: "losses or thefts",
    Pattern.OFTEN_LATE: "notices after the legal limit",
}


@require_safe
@staff_required
def patterns(request: HttpRequest) -> HttpResponse:
    """List holders with unusual notices in the last year."""
    rows = lookups.list_patterns(actor=get_actor(request), at=now())
    context = {
        "rows": [_pattern_row(row) for row in rows],
        "limits": [f"{LEAST[pattern]} {title}" for pattern, title in _TITLES.items()],
        "summary": labels.count_label(len(rows), "holder") + ", the newest first" if rows else "",
    }
    return render(request, "desk/firearms/patterns.html.jinja", context)


def _pattern_row(row: lookups.PatternRow) -> dict[str, Any]:
    return {
        # A holder without a certificate in force has a record of their own alone.
        "href": reverse("desk-firearms-certificate", kwargs={"number": row.number})
        if row.number
        else reverse("desk-person", kwargs={"person_id": row.holder_id}),
        "holder": row.holder,
        "certificate": row.number or "None in force",
        "patterns": ", ".join(
            f"{number} {_TITLES[pattern]}" for pattern, number in row.patterns.items()
        ),
        "latest": format_date(row.latest_on),
    }
