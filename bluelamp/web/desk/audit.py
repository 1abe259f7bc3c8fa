"""The audit record, for auditors: who viewed, changed or tried to reach what."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bluelamp.casework.reports.rules import parse_reference
from bluelamp.foundation.audit import lookups
from bluelamp.foundation.kernel.actor import OrganisationKind
from bluelamp.foundation.kernel.clock import LONDON, now
from bluelamp.foundation.kernel.references import join_reference
from bluelamp.records.reference.rules import parse_crime_number, parse_ptiurn
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import labels
from bluelamp.web.desk.act_labels import act_label
from bluelamp.web.desk.contexts import Tag
from bluelamp.web.parsing import parse_uuid
from bluelamp.web.private_searches import encode_search
from bluelamp.web.render import render

# The six kinds of processing that section 62 of the Data Protection Act 2018 has logged.
CATEGORIES = {
    "": "All",
    "consultation": "Viewed",
    "alteration": "Changed",
    "collection": "Collected",
    "disclosure": "Shared",
    "combination": "Combined",
    "erasure": "Erased",
}
RESULTS = {"": "All entries", "refused": "Refused or not found"}
RESULT_TAGS = {
    "done": Tag("Done", "grey"),
    "refused": Tag("Refused", "red"),
    "not found": Tag("Not found", "yellow"),
}
ORGANISATIONS = {
    "police": "Police",
    "prosecutor": "Prosecutor",
    "public": "Public",
    "system": "Bluelamp, automatically",
}


@require_safe
@staff_required
def audit(request: HttpRequest) -> HttpResponse:
    """List entries of the audit record, newest first, by reference, person, category and date."""
    filters = {
        name: request.GET.get(name, "").strip()[:200]
        for name in ("q", "person", "from", "to", "kind", "result")
    }
    filters["kind"] = filters["kind"] if filters["kind"] in CATEGORIES else ""
    filters["result"] = filters["result"] if filters["result"] in RESULTS else ""
    errors: dict[str, str] = {}
    from_ = labels.parse_filter_date(filters["from"], field="from", label="From", errors=errors)
    to = labels.parse_filter_date(filters["to"], field="to", label="To", errors=errors)
    page = lookups.audit_entries(
        actor=get_actor(request),
        at=now(),
        ref=_normalise_reference(filters["q"]),
        person=filters["person"].replace("\x00", ""),
        category=filters["kind"],
        is_refused=filters["result"] == "refused",
        since=_start_of_day(from_),
        # The day after, so that the last day itself is included.
        until=_start_of_day(to + timedelta(days=1)) if to else None,
        before=parse_uuid(request.GET.get("before", "")),
    )
    active = {name: value for name, value in filters.items() if value}
    without_result = {name: value for name, value in active.items() if name != "result"}
    context = {
        "values": filters,
        "errors": errors,
        "kind": filters["kind"],
        "kinds": CATEGORIES,
        "result": filters["result"],
        "results": RESULTS,
        "query_without_result": encode_search(without_result),
        "rows": [_entry_row(entry) for entry in page.entries],
        "summary": _summary(page.total, is_filtered=bool(active)),
        "older_query": encode_search(active | {"before": str(page.older)}) if page.older else "",
        # None on the first page, which needs no way back to itself.
        "newest_query": encode_search(active) if request.GET.get("before") else None,
    }
    return render(request, "desk/audit.html.jinja", context)


def _entry_row(entry: lookups.AuditEntryRow) -> dict[str, Any]:
    organisation = ORGANISATIONS.get(entry.organisation_kind, entry.organisation)
    force = f"force {entry.force}" if entry.organisation_kind == OrganisationKind.POLICE else ""
    reference = entry.ref
    # An attempt that found nothing bears what was asked for, as in "number=01/0000123/26".
    for prefix in ("number=", "reference=", "urn="):
        reference = reference.removeprefix(prefix)
    return {
        "at": entry.at,
        "who": entry.actor_name or "Someone who was not signed in",
        "from": labels.join_parts(organisation, force, entry.address),
        "act": act_label(entry.act),
        "tag": RESULT_TAGS.get(entry.result, Tag(entry.result.capitalize(), "grey")),
        "ref": reference,
        "reason": entry.reason,
        "detail": [
            (name.replace("_", " ").capitalize(), _format_detail(value))
            for name, value in entry.detail.items()
            if value
        ],
    }


def _format_detail(value: Any) -> str:
    """Return a value of an entry's JSON detail on one line."""
    if isinstance(value, list):
        return ", ".join(map(_format_detail, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {_format_detail(inner)}" for name, inner in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _summary(total: int, *, is_filtered: bool) -> str:
    # The lookup stops counting there: the record grows with every click.
    count = (
        "More than 1,000 entries"
        if total >= lookups.MAX_COUNTED
        else labels.count_label(total, "entry", "entries")
    )
    return f"{count}{' found' if is_filtered else ''}, newest first"


def _normalise_reference(text: str) -> str:
    """Return a reference as the record holds it, however it was entered; other text as it is."""
    text = text.replace("\x00", "")
    number = parse_crime_number(join_reference(text, "/"))
    return str(number) if number else parse_reference(text) or parse_ptiurn(text) or text


def _start_of_day(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), LONDON) if day else None
