"""Crimes: the list of them, and the page of one crime."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from bluelamp.casework.casefiles.lookups import get_case_file_link
from bluelamp.casework.crimes import lookups
from bluelamp.casework.encounters.rules import RiskGrade
from bluelamp.casework.investigations.lookups import (
    InvestigationDetail,
    get_investigation_with_nearby,
)
from bluelamp.casework.investigations.rules import EntryKind
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.device_clock import find_time_problem
from bluelamp.records.people.lookups import PersonDetail
from bluelamp.records.reference.lookups import list_courts
from bluelamp.records.reference.rules import parse_postcode
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import gallery, labels, maps
from bluelamp.web.desk.actions import action_row
from bluelamp.web.desk.contexts import TimelineEntry
from bluelamp.web.desk.crime_header import crime_header
from bluelamp.web.desk.encounters import GRADES
from bluelamp.web.desk.next_steps import next_steps
from bluelamp.web.desk.waiting_evidence import waiting_item_rows
from bluelamp.web.labels.clocks import TIME_PROBLEMS, clock_notice
from bluelamp.web.labels.people import LINK_ROLES
from bluelamp.web.labels.search import empty_search_message
from bluelamp.web.labels.statements import STATEMENT_TITLES
from bluelamp.web.maps import Spot, build_map_data
from bluelamp.web.private_searches import encode_search
from bluelamp.web.render import render

ORDERS = {"newest": "Newest first", "oldest": "Oldest first"}
STATES = {"": "All", **{state.value: tag.text for state, tag in labels.CRIME_STATES.items()}}
ENTRY_TITLES: dict[str, str] = {
    EntryKind.ALLOCATED: "Officer in the case allocated",
    EntryKind.NOTE: "Note",
    EntryKind.ACTION: "Action",
    EntryKind.RESULT: "Answer, or what was done",
    EntryKind.STATEMENT: "Statement taken",
    EntryKind.SUSPECT: "Suspect named",
    EntryKind.EXHIBIT: "Exhibit reference given",
    EntryKind.CHARGE: "Suspect charged",
    EntryKind.LINKED: "Crimes linked",
}
MAX_QUERY = 200
"""Characters of a search that are looked at: a longer one is a mistake or an attack."""


@require_safe
@staff_required
def crimes(request: HttpRequest) -> HttpResponse:
    """List the force's crimes that match a search, newest first unless another order is chosen."""
    filters = {
        name: request.GET.get(name, "")[:MAX_QUERY]
        for name in ("q", "offence", "offence_text", "state")
    }
    # A date has ten characters; twenty leave room for what people get wrong.
    filters |= {name: request.GET.get(name, "")[:20] for name in ("from", "to")}
    order = request.GET.get("order", "newest")
    order = order if order in ORDERS else "newest"
    state = filters["state"] if filters["state"] in STATES else ""
    errors: dict[str, str] = {}
    recorded_from = labels.parse_filter_date(
        filters["from"], field="from", label="Recorded from", errors=errors
    )
    recorded_to = labels.parse_filter_date(
        filters["to"], field="to", label="Recorded to", errors=errors
    )
    at = now()
    results = lookups.search_crimes(
        actor=get_actor(request),
        at=at,
        q=filters["q"],
        offence=_offence_class(filters["offence"] or filters["offence_text"]),
        from_=recorded_from,
        to=recorded_to,
        state=state,
        page=labels.parse_page_number(request.GET.get("page", "")),
        order=order,
    )
    active = {name: value for name, value in filters.items() if value}
    without_state = {name: value for name, value in active.items() if name != "state"}
    context = {
        "results": results,
        "rows": [_crime_row(row, at) for row in results.rows],
        "map": _results_map(results.rows),
        # A date that could not be read does not narrow the list, so the summary leaves it out.
        "summary": _summary(results.total, {**filters, **dict.fromkeys(errors, "")}, order=order),
        "empty": _empty_message(filters["q"], is_filtered=bool(active)),
        "values": filters,
        "errors": errors,
        "order": order,
        "orders": ORDERS,
        "state": state,
        "states": STATES,
        "query_without_state": encode_search(without_state | {"order": order}),
        "page": labels.page_links(page=results.page, pages=results.pages),
        "query": "&" + encode_search(active),
    }
    return render(request, "desk/crimes.html.jinja", context, status=422 if errors else 200)


@require_safe
@staff_required
def crime(request: HttpRequest, number: str) -> HttpResponse:
    """Show one crime with its people, evidence, statements, charges and log, and crimes nearby."""
    actor, at = get_actor(request), now()
    investigation, nearby = get_investigation_with_nearby(actor=actor, at=at, number=number)
    crime = investigation.crime
    case_file = get_case_file_link(actor=actor, crime_id=crime.id)
    references = {exhibit.item_id: exhibit.reference for exhibit in investigation.exhibits}
    notes = {
        item_id: _exhibit_note(crime.number, item_id, references.get(item_id, ""), actor)
        for item_id in crime.item_ids
    }
    items = gallery.gallery_items(actor=actor, at=now(), item_ids=crime.item_ids, notes=notes)
    courts = list_courts() if investigation.charges else ()
    context = {
        **crime_header(crime),
        "investigation": investigation,
        "statement_titles": STATEMENT_TITLES,
        "when_parts": labels.occurrence_parts(
            crime.occurred_from, crime.occurred_to, is_unsure=crime.is_time_unsure
        ),
        "people": people_with_roles(investigation),
        "gallery_items": items,
        "clock_notice": clock_notice(crime.device_clock),
        "time_problem": _time_problem(crime),
        "waiting_items": waiting_item_rows(crime.waiting_items, actor=actor, at=at),
        # A device names its items before their bytes have arrived.
        "pending_item_count": len(crime.item_ids) - len(items) - len(crime.waiting_items),
        "courts": {court.code: court.name for court in courts},
        "nearby": nearby,
        "nearby_reasons": {other.id: labels.nearby_reason(other) for other in nearby},
        **maps.map_context(crime.location, nearby),
        "actions": [action_row(row, today=london_date(at)) for row in investigation.actions],
        "entries": _timeline(investigation),
        "assessments": _assessment_rows(actor, at, number),
        "case_file": case_file,
        "steps": next_steps(investigation, actor=actor, case_file=case_file),
        "roles": LINK_ROLES,
        "done": labels.success_message(request.GET.get("done", "")),
    }
    return render(request, "desk/crime.html.jinja", context)


def _assessment_rows(actor: Actor, at: datetime, number: str) -> list[dict[str, Any]]:
    """Return the risk assessments that this person may see, with the tag of each grade."""
    if not actor.may("risk.assess"):
        return []
    rows = lookups.list_assessments(actor=actor, at=at, number=number)
    return [{"row": row, "tag": GRADES[RiskGrade(row.grade)]} for row in rows]


def _time_problem(crime: lookups.CrimeDetail) -> str:
    """Return why the crime can't have happened when the record says; "" where it can."""
    moments = [moment for moment in (crime.occurred_from, crime.occurred_to) if moment]
    problem = find_time_problem(max(moments), at=crime.recorded_at) if moments else None
    return TIME_PROBLEMS[problem] if problem else ""


@dataclass(slots=True)
class PersonWithRoles:
    """A person in a crime with every role they have. `is_opinion`: one of them is an assessment."""

    person: PersonDetail
    roles: list[str] = field(default_factory=list)
    is_opinion: bool = False


def people_with_roles(investigation: InvestigationDetail) -> list[PersonWithRoles]:
    """Return each person in a crime once, in the order they were linked."""
    people: dict[UUID, PersonWithRoles] = {}
    for link in investigation.crime.people:
        entry = people.setdefault(link.person.id, PersonWithRoles(link.person))
        role = str(LINK_ROLES.get(link.role, link.role))
        if role not in entry.roles:
            entry.roles.append(role)
        # Shown for the person: a page must not make a fact of what an officer only suspects (Data
        # Protection Act 2018, section 38(2)).
        entry.is_opinion = entry.is_opinion or link.is_opinion
    return list(people.values())


def _crime_row(row: lookups.CrimeRow, at: datetime) -> dict[str, Any]:
    return {
        "href": reverse("desk-crime", kwargs={"number": row.number}),
        "number": row.number,
        "offence": row.offence_title,
        "offence_class": row.hocr_class,
        "place": row.place,
        "victims": labels.victim_names(row),
        "recorded": labels.short_time(row.recorded_at, at=at),
        "recorded_at": row.recorded_at,
        "tag": labels.crime_tag(row.state),
    }


def _results_map(rows: Sequence[lookups.CrimeRow]) -> dict[str, Any]:
    spots = [
        Spot(
            *position,
            label=f"{row.number}, {row.offence_title}, {row.place}",
            # The outward half of the postcode, as in SE15, names the neighbourhood.
            name=(parse_postcode(row.place.rpartition(",")[2]) or "").partition(" ")[0],
        )
        for row in rows
        if (position := maps.to_grid_position(row.latitude, row.longitude)) is not None
    ]
    return build_map_data(spots) | {"count": len(spots)} if spots else {}


def _offence_class(text: str) -> str:
    """Return what to search for: of a picker's code, such as CD71039/58C, the class alone."""
    code, slash, offence_class = text.strip().partition("/")
    # A Home Office code has a slash as well (149/00), but begins with a digit.
    return offence_class if slash and code[:1].isalpha() else text.strip()


def _summary(total: int, filters: Mapping[str, str], *, order: str) -> str:
    parts = [labels.count_label(total, "crime")]
    if filters["q"]:
        parts.append(f"matching “{filters['q']}”")
    if filters["offence_text"] or filters["offence"]:
        parts.append(f"for offence {filters['offence_text'] or filters['offence']}")
    if filters["state"] in STATES and filters["state"]:
        parts.append(STATES[filters["state"]].lower())
    if filters["from"] or filters["to"]:
        parts.append("recorded between the dates you chose")
    ordering = f", {ORDERS[order].lower()}" if total > 1 else ""
    return " ".join(parts) + ordering


def _empty_message(q: str, *, is_filtered: bool) -> str:
    if not is_filtered:
        return "No crimes have been recorded yet. They come from reports and from officers."
    otherwise = (
        "No crimes match. Try fewer words or just the start of a name, or search the reports."
    )
    return empty_search_message(q, otherwise)


def _exhibit_note(number: str, item_id: UUID, reference: str, actor: Actor) -> str:
    if reference:
        return f"Exhibit {reference}"
    if not actor.may("exhibit.add"):
        return ""
    return format_html(
        '<a class="govuk-link" href="{}">Give exhibit reference</a>',
        reverse("desk-exhibit", kwargs={"number": number, "item_id": item_id}),
    )


def _timeline(investigation: InvestigationDetail) -> list[TimelineEntry]:
    """Return the log, the classifications and the report as one timeline, newest first."""
    crime = investigation.crime
    entries: list[TimelineEntry] = [
        {
            "at": entry.at,
            "title": ENTRY_TITLES.get(entry.kind, entry.kind),
            "by": entry.by_name,
            "text": entry.text,
        }
        for entry in investigation.timeline
    ]
    for index, change in enumerate(crime.classifications):
        offence = f"{change.offence_title} ({change.hocr_class or change.offence_code})"
        entries.append(
            {
                "at": change.at,
                # The first classification is the recording itself.
                "title": "Recorded" if index == 0 else "Reclassified",
                "by": change.by_name,
                "text": ". ".join(filter(None, (offence, change.reason))),
            }
        )
    if crime.report_reference:
        entries.append(
            {
                "at": crime.reported_at,
                "title": "Reported",
                "href": reverse("desk-report", kwargs={"reference": crime.report_reference}),
                "link": f"Report {crime.report_reference}",
            }
        )
    # Stable, so entries of one instant keep the order above: the log, then classifications.
    entries.sort(key=lambda entry: entry["at"], reverse=True)
    return entries
