"""Giving an item its exhibit reference."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from bluelamp.casework.crimes.lookups import CrimeDetail
from bluelamp.casework.investigations.commands import exhibit_item
from bluelamp.casework.investigations.lookups import get_investigation, next_exhibit_reference
from bluelamp.foundation.accounts.lookups import get_active_user
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.records.evidence.lookups import ItemDetail, get_item
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk.crime_actions import redirect_to_crime
from bluelamp.web.desk.crime_header import crime_header
from bluelamp.web.desk.forms import require_permission
from bluelamp.web.desk.gallery import gallery_item
from bluelamp.web.render import render


@require_http_methods(["GET", "POST"])
@staff_required
def exhibit(request: HttpRequest, number: str, item_id: UUID) -> HttpResponse:
    """Give an item of a crime its exhibit reference; one that has a reference keeps it."""
    actor, at = get_actor(request), now()
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
                seal_number=request.POST.get("seal_number", ""),
            )
            return redirect_to_crime(number, done="exhibit")
        except Conflict:
            # The button was pressed twice: the reference of the first time stands.
            return redirect_to_crime(number, done="exhibit")
        except Refused as refused:
            errors = refused.errors
    investigation = get_investigation(actor=actor, at=at, number=number)
    # After the lookup: a 403 says that a crime exists, so whoever may not see it gets a 404.
    require_permission(actor, "exhibit.add")
    if item_id not in investigation.crime.item_ids:
        raise NotFound("There is no such item in this crime.")
    item = get_item(actor=actor, at=at, item_id=item_id)
    if any(exhibit.item_id == item_id for exhibit in investigation.exhibits):
        return redirect_to_crime(number, done="exhibit")
    producer = _likely_producer(investigation.crime, item)
    values: Any = request.POST
    if request.method == "GET":
        values = {"produced_by": producer, "description": item.description}
    context = {
        **crime_header(investigation.crime),
        "values": values,
        "errors": errors,
        "gallery_item": gallery_item(item),
        "producer": producer,
        "next_reference": next_exhibit_reference(
            actor=actor, at=at, number=number, produced_by=producer
        ),
    }
    return render(request, "desk/exhibit.html.jinja", context)


def _likely_producer(crime: CrimeDetail, item: ItemDetail) -> str:
    """Return who most likely produces an item.

    That is the officer whose device it came from, else whoever reported the crime.
    """
    # The first line is always the receipt. It names nobody where the public sent the item.
    received = item.continuity[0]
    if received.by_id and (user := get_active_user(user_id=received.by_id)):
        return user.name
    people = (
        crime.people_with_role("person-reporting")
        or crime.people_with_role("on-behalf")
        or crime.people_with_role("victim")
    )
    return people[0].name if people else ""
