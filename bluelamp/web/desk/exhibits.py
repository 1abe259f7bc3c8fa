"""Giving an item its exhibit reference."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from bluelamp.casework.crimes.queries import CrimeView
from bluelamp.casework.investigations.commands import exhibit_item
from bluelamp.casework.investigations.queries import next_reference, view_investigation
from bluelamp.foundation.accounts.queries import find_user
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.records.evidence.queries import continuity_of, items_by_id
from bluelamp.web.actor import actor_of, staff
from bluelamp.web.desk import asked, words
from bluelamp.web.desk.acts import done
from bluelamp.web.desk.crimes import bar
from bluelamp.web.render import render


@require_http_methods(["GET", "POST"])
@staff
def exhibit(request: HttpRequest, slug: str, item_id: UUID) -> HttpResponse:
    """Give an item of the crime its reference. Pressed twice, it keeps the one it has."""
    actor, at, number = actor_of(request), now(), words.number_of(slug)
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            exhibit_item(
                actor=actor,
                at=at,
                number=number,
                item_id=item_id,
                description=request.POST.get("description", ""),
                produced_by=request.POST.get("produced_by", ""),
            )
            return done(slug, "exhibit")
        except Conflict:
            return done(slug, "exhibit")
        except Refused as refused:
            errors = refused.errors
    found = view_investigation(actor=actor, at=at, number=number, why=actor.why)
    asked.may_or_refuse(actor, "exhibit.add")
    held = items_by_id(
        actor=actor, item_ids=[each for each in found.crime.item_ids if each == item_id]
    )
    if not held:
        raise NotFound("There is no such item in this crime.")
    if any(each.item_id == item_id for each in found.exhibits):
        return done(slug, "exhibit")
    producer = _producer(found.crime, held[0])
    values: Any = request.POST
    if request.method == "GET":
        values = {"produced_by": producer, "description": held[0].description}
    context = bar(found.crime) | {
        "values": values,
        "errors": errors,
        "shown": asked.gallery_item(held[0]),
        "producer": producer,
        "next_reference": next_reference(force=actor.force, number=number, produced_by=producer),
    }
    return render(request, "desk/exhibit.html.jinja", context)


def _producer(crime: CrimeView, held: Any) -> str:
    """Return who most likely produces an item: the officer whose device it came from, else who
    reported it.
    """
    received = next(iter(continuity_of(item=held)), None)
    if received and received.by_id and (user := find_user(user_id=received.by_id)):
        return user.name
    told = (
        crime.with_role("person-reporting")
        or crime.with_role("on-behalf")
        or crime.with_role("victim")
    )
    return told[0].name if told else ""
