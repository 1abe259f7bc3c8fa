"""What is due to the victims of a crime by the Victims' Code, and what was done of it."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from bluelamp.casework.crimes.lookups import get_crime
from bluelamp.casework.victims.commands import record_contact
from bluelamp.casework.victims.lookups import VictimDue, list_due_of_crime
from bluelamp.casework.victims.messages import ENHANCED_TITLES, TRIGGER_TITLES, WAY_TITLES
from bluelamp.casework.victims.rules import DueContact, NewContact, allowed_ways
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.ids import new_id
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk.contexts import Tag
from bluelamp.web.desk.crime_actions import crime_form_page, redirect_to_crime
from bluelamp.web.formats import format_date
from bluelamp.web.parsing import parse_uuid


@require_http_methods(["GET", "POST"])
@staff_required
def victim_contacts(request: HttpRequest, number: str) -> HttpResponse:
    """Show what is due to each victim; or record that somebody contacted one, just now."""
    actor, at = get_actor(request), now()
    errors: dict[str, str] = {}
    if request.method == "POST":
        person_id = parse_uuid(request.POST.get("person", ""))
        try:
            if person_id is None:
                raise Refused("victims.contact_not_victim", field="way")
            _record(request, actor, at, number, person_id)
            return redirect_to_crime(number, done="contacted")
        except Refused as refused:
            errors = dict(refused.errors)
    rows = list_due_of_crime(actor=actor, at=at, number=number)
    return crime_form_page(
        request,
        number,
        "desk/victim_contacts.html.jinja",
        permission="investigation.view",
        errors=errors,
        extra={"victims": [_victim(row, today=london_date(at)) for row in rows]},
    )


def _record(request: HttpRequest, actor: Actor, at: datetime, number: str, person_id: UUID) -> None:
    contact = NewContact(
        contact_id=new_id(),
        crime_id=get_crime(actor=actor, at=at, number=number).id,
        person_id=person_id,
        trigger=request.POST.get("trigger", ""),
        way=request.POST.get("way", ""),
        made_at=at,
        note=request.POST.get("note", ""),
    )
    record_contact(actor=actor, at=at, contact=contact)


def _victim(row: VictimDue, *, today: date) -> dict[str, Any]:
    ways = allowed_ways(is_safe_to_contact=row.victim.is_safe_to_contact)
    return {
        "person": row.victim,
        "enhanced": ", ".join(str(ENHANCED_TITLES[why]) for why in row.enhanced_reasons),
        "contacts": [
            {
                "trigger": contact.trigger,
                "title": str(TRIGGER_TITLES[contact.trigger]),
                "since": contact.since,
                "tag": _tag(contact, today=today),
                "is_done": contact.done_on is not None,
            }
            for contact in row.contacts
        ],
        "ways": [(way.value, str(WAY_TITLES[way])) for way in ways],
    }


def _tag(contact: DueContact, *, today: date) -> Tag:
    if contact.done_on:
        is_late = contact.due_on is not None and contact.done_on > contact.due_on
        return Tag(f"Done {format_date(contact.done_on)}{', late' if is_late else ''}", "green")
    if contact.due_on is None:
        return Tag("As soon as possible", "yellow")
    if contact.due_on < today:
        return Tag(f"Late: {format_date(contact.due_on)}", "red")
    return Tag(f"By {format_date(contact.due_on)}", "blue")
