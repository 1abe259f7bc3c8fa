"""Crimes: finding them, and one crime with everything known about it."""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from bluelamp.casework.casefiles.queries import case_file_of
from bluelamp.casework.crimes import queries
from bluelamp.casework.investigations.queries import InvestigationView, view_investigation
from bluelamp.casework.investigations.rules import EntryKind
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.records.people.queries import PersonView
from bluelamp.records.reference.queries import courts
from bluelamp.records.reference.rules import parse_postcode
from bluelamp.web.actor import actor_of, staff
from bluelamp.web.desk import asked, maps, words
from bluelamp.web.desk.next_steps import next_steps
from bluelamp.web.render import render

ORDERS = {"newest": "Newest first", "oldest": "Oldest first"}
STATES = {"": "All", **{state.value: text for state, text in words.CRIME_STATES.items()}}
ENTRIES = {
    EntryKind.ALLOCATED: "Allocated",
    EntryKind.NOTE: "Note",
    EntryKind.ACTION: "Action",
    EntryKind.STATEMENT: "Statement taken",
    EntryKind.SUSPECT: "Suspect named",
    EntryKind.EXHIBIT: "Exhibit",
    EntryKind.CHARGE: "Charge",
    EntryKind.LINKED: "Linked",
}


@require_safe
@staff
def crimes(request: HttpRequest) -> HttpResponse:
    """The force's crimes that have all the words typed, newest first unless asked otherwise."""
    typed = {
        name: request.GET.get(name, "")[:200] for name in ("q", "offence", "offence_text", "state")
    }
    order = request.GET.get("order", "newest")
    order = order if order in ORDERS else "newest"
    state = typed["state"] if typed["state"] in STATES else ""
    errors: dict[str, str] = {}
    days = {
        name: words.day_typed(request.GET.get(name, ""), name, errors) for name in ("from", "to")
    }
    found = queries.search_crimes(
        actor=actor_of(request),
        at=now(),
        q=typed["q"],
        offence=_class_asked(typed["offence"] or typed["offence_text"]),
        from_=days["from"],
        to=days["to"],
        state=state,
        page=words.page_number(request.GET.get("page", "")),
        order=order,
    )
    kept = {**typed, "from": request.GET.get("from", "")[:20], "to": request.GET.get("to", "")[:20]}
    is_narrowed = any(kept.values())
    at = now()
    context = {
        "found": found,
        "rows": [_row(each, at) for each in found.rows],
        "map": _map(found.rows),
        "why": _why(found.total, kept={**kept, **dict.fromkeys(errors, "")}, order=order),
        "is_narrowed": is_narrowed,
        "values": kept,
        "errors": errors,
        "order": order,
        "orders": ORDERS,
        "state": state,
        "states": STATES,
        "without_state": urlencode(
            {k: v for k, v in kept.items() if v and k != "state"} | {"order": order}
        ),
        "pager": words.pager(page=found.page, pages=found.pages),
        "kept": "&" + urlencode({k: v for k, v in kept.items() if v}),
    }
    return render(request, "desk/crimes.html.jinja", context, status=422 if errors else 200)


@require_safe
@staff
def crime(request: HttpRequest, slug: str) -> HttpResponse:
    """One crime: its people, evidence, statements, exhibits, suspects, charges and log; and crimes
    close by.
    """
    actor, at = actor_of(request), now()
    number = words.number_of(slug)
    found = view_investigation(actor=actor, at=at, number=number, why=actor.why)
    known = found.crime
    near = queries.nearby(actor=actor, at=at, number=number)
    file = case_file_of(crime_id=known.id) if actor.may("casefile.view") else None
    exhibits = {each.item_id: each.reference for each in found.exhibits}
    notes = {
        item_id: _exhibit_note(exhibits.get(item_id, ""), slug, item_id, actor)
        for item_id in known.item_ids
    }
    pictures = asked.pictures(actor=actor, item_ids=known.item_ids, notes=notes)
    context = bar(known) | {
        "investigation": found,
        "when_parts": words.happened(
            known.occurred_from, known.occurred_to, is_unsure=known.is_time_unsure
        ),
        "people": people_in_roles(found),
        "gallery_items": pictures,
        "waiting_items": len(known.item_ids) - len(pictures),
        "courts": {court.code: court.name for court in courts()} if found.charges else {},
        "near": near,
        **asked.map_of(known.location, near),
        "entries": _entries(found),
        "file": file,
        "steps": next_steps(found, actor=actor, file=file, slug=slug),
        "roles": words.ROLES,
        "done": words.DONE.get(request.GET.get("done", ""), ""),
    }
    return render(request, "desk/crime.html.jinja", context)


def bar(known: queries.CrimeView) -> dict[str, Any]:
    """Return what every page about one crime shows on top of it."""
    state, tone = words.crime_tag(known.state)
    return {
        "crime": known,
        "slug": words.slug_of(known.number),
        "state": state,
        "tone": tone,
        "bar_facts": [
            f"Class {known.hocr_class or known.offence_code}",
            known.location.in_one_line if known.location else known.place_detail,
            f"Officer in the case: {known.officer_in_case}"
            if known.officer_in_case
            else "No officer in the case",
        ],
    }


@dataclass(slots=True)
class PersonShown:
    """A person of a crime once, with every role."""

    person: PersonView
    roles: list[str] = field(default_factory=list)
    is_opinion: bool = False


def people_in_roles(found: InvestigationView) -> list[PersonShown]:
    """Return everyone of a crime in the order they were linked, each once."""
    shown: dict[UUID, PersonShown] = {}
    for each in found.crime.people:
        one = shown.setdefault(each.person.id, PersonShown(each.person))
        role = words.ROLES.get(each.role, each.role)  # type: ignore[call-overload]
        if role not in one.roles:
            one.roles.append(role)
        one.is_opinion = one.is_opinion or each.is_opinion
    return list(shown.values())


def _row(row: queries.CrimeRow, at: Any) -> dict[str, Any]:
    state, tone = words.crime_tag(row.state)
    return {
        "href": f"/desk/crimes/{words.slug_of(row.number)}/",
        "number": row.number,
        "offence": row.offence_title,
        "offence_class": row.hocr_class,
        "place": row.place,
        "victims": ", ".join(row.victims),
        "recorded": words.shortly(row.recorded_at, at=at),
        "recorded_at": row.recorded_at,
        "state": state,
        "tone": tone,
    }


def _map(rows: tuple[queries.CrimeRow, ...]) -> dict[str, Any]:
    spots = [
        maps.Spot(
            *grid,
            label=f"{row.number}, {row.offence_title}, {row.place}",
            name=(parse_postcode(row.place.rpartition(",")[2]) or "").partition(" ")[0],
        )
        for row in rows
        if (grid := maps.on_grid(row.latitude, row.longitude)) is not None
    ]
    return maps.tile(spots) | {"count": len(spots)} if spots else {}


def _class_asked(typed: str) -> str:
    """A picker's code names law and class, CD71039/58C: crimes are sought by the class."""
    head, slash, tail = typed.strip().partition("/")
    return tail if slash and head[:1].isalpha() else typed.strip()


def _why(total: int, *, kept: dict[str, str], order: str) -> str:
    parts = [words.counted(total, "crime")]
    if kept["q"]:
        parts.append(f"with “{kept['q']}”")
    if kept["offence_text"] or kept["offence"]:
        parts.append(f"of {kept['offence_text'] or kept['offence']}")
    if kept["state"] in STATES and kept["state"]:
        parts.append(STATES[kept["state"]].lower())
    if kept["from"] or kept["to"]:
        parts.append("recorded in those days")
    ordered = f", {ORDERS[order].lower()}" if total > 1 else ""
    return " ".join(parts) + ordered + "."


def _exhibit_note(reference: str, slug: str, item_id: UUID, actor: Actor) -> str:
    if reference:
        return f"Exhibit {reference}"
    if not actor.may("exhibit.add"):
        return ""
    return format_html(
        '<a class="govuk-link" href="/desk/crimes/{}/items/{}/exhibit">Give a reference</a>',
        slug,
        item_id,
    )


def _entries(found: InvestigationView) -> list[dict[str, Any]]:
    known = found.crime
    entries: list[dict[str, Any]] = [
        {
            "at": each.at,
            "title": ENTRIES.get(each.kind, each.kind),  # type: ignore[call-overload]
            "by": each.by_name,
            "text": each.text,
        }
        for each in found.timeline
    ]
    entries += [
        {
            "at": each.at,
            "title": "Recorded" if number == 0 else "Reclassified",
            "by": each.by_name,
            "text": ". ".join(
                part
                for part in (
                    f"{each.offence_title} ({each.hocr_class or each.offence_code})",
                    each.why,
                )
                if part
            ),
        }
        for number, each in enumerate(known.classifications)
    ]
    if known.report_reference:
        entries.append(
            {
                "at": known.reported_at,
                "title": "Reported",
                "href": f"/desk/reports/{known.report_reference}/",
                "link": known.report_reference,
            }
        )
    entries.sort(key=lambda each: each["at"], reverse=True)
    return entries
