"""The audit record, for auditors: who did, looked at or tried what."""

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bluelamp.casework.reports.rules import parse_reference
from bluelamp.foundation.audit import queries
from bluelamp.foundation.kernel.clock import LONDON, now
from bluelamp.records.reference.rules import parse_crime_number, parse_ptiurn
from bluelamp.web.actor import actor_of, staff
from bluelamp.web.desk import words
from bluelamp.web.render import render

# Section 62 of the Data Protection Act 2018 has these six kinds of processing put on record.
CATEGORIES = {
    "": "Every kind",
    "consultation": "Looks",
    "alteration": "Changes",
    "collection": "Taking in",
    "disclosure": "Handing over",
    "combination": "Combining",
    "erasure": "Erasing",
}
RESULTS = {"": "Everything", "refused": "Refused or not found"}
TONES = {"done": "grey", "refused": "red", "not found": "yellow"}
ORGANISATIONS = {
    "police": "Police",
    "cps": "Prosecutor",
    "public": "Public",
    "system": "Bluelamp itself",
}


@require_safe
@staff
def audit(request: HttpRequest) -> HttpResponse:
    """A page of the record, the newest first, by reference, name, kind and day."""
    typed = {
        name: request.GET.get(name, "").strip()[:200] for name in ("q", "person", "from", "to")
    }
    kind, result = request.GET.get("kind", ""), request.GET.get("result", "")
    kind, result = kind if kind in CATEGORIES else "", result if result in RESULTS else ""
    errors: dict[str, str] = {}
    days = {name: words.day_typed(typed[name], name, errors) for name in ("from", "to")}
    found = queries.entries(
        actor=actor_of(request),
        at=now(),
        ref=_written(typed["q"]),
        person=typed["person"].replace("\x00", ""),
        category=kind,
        is_refused=result == "refused",
        since=_midnight(days["from"]),
        until=_midnight(days["to"], later=1),
        before=_id(request.GET.get("before", "")),
    )
    kept = {
        name: value for name, value in {**typed, "kind": kind, "result": result}.items() if value
    }
    context = {
        "values": typed,
        "errors": errors,
        "kind": kind,
        "kinds": CATEGORIES,
        "result": result,
        "results": RESULTS,
        "kept_without_result": urlencode(
            {name: value for name, value in kept.items() if name != "result"}
        ),
        "rows": [_row(each) for each in found.entries],
        "why": _why(found.total, is_narrowed=bool(kept)),
        "older": urlencode(kept | {"before": str(found.older)}) if found.older else "",
        "newest": urlencode(kept) if request.GET.get("before") else None,
    }
    return render(request, "desk/audit.html.jinja", context)


def _row(entry: queries.Recorded) -> dict[str, Any]:
    act, _, verb = entry.act.partition(".")
    return {
        "at": entry.at,
        "who": entry.actor_name or "Somebody signed out",
        "from": ", ".join(
            part
            for part in (
                ORGANISATIONS.get(entry.organisation, entry.organisation),
                f"force {entry.force}" if entry.organisation == "police" else "",
                entry.address,
            )
            if part
        ),
        "act": f"{act}: {verb}".replace("_", " ").capitalize(),
        "result": entry.result,
        "tone": TONES.get(entry.result, "grey"),
        "ref": entry.ref.removeprefix("number=").removeprefix("reference=").removeprefix("urn="),
        "why": entry.why,
        "detail": [
            (name.replace("_", " "), _said(value)) for name, value in entry.detail.items() if value
        ],
    }


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_said, value))
    if isinstance(value, dict):
        return ", ".join(f"{name} {_said(inner)}" for name, inner in value.items())
    return (
        {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
    )


def _why(total: int, *, is_narrowed: bool) -> str:
    said = (
        "More than 1,000 entries"
        if total >= queries.MOST_COUNTED
        else words.counted(total, "entry", "entries")
    )
    return f"{said}{' that answer what you asked for' if is_narrowed else ''}, the newest first."


def _written(typed: str) -> str:
    """Return a reference as the record has it, however it was typed; other text as it is."""
    plain = typed.replace("\x00", "")
    number = parse_crime_number(words.number_of(plain))
    return str(number) if number else parse_reference(plain) or parse_ptiurn(plain) or plain


def _midnight(day: date | None, *, later: int = 0) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(min(day, date(9998, 1, 1)) + timedelta(days=later), time(), LONDON)


def _id(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None
