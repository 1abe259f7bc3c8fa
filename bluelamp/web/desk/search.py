"""One search box over crimes, reports, people and places."""

from collections.abc import Callable, Sequence
from typing import Any, TypedDict

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from bluelamp.casework.crimes.lookups import CrimeRow, search_crimes
from bluelamp.casework.reports.lookups import QueueRow, list_queue
from bluelamp.foundation.kernel.clock import now
from bluelamp.records.people.lookups import PersonDetail, search_people
from bluelamp.records.reference.lookups import find_places
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import labels
from bluelamp.web.desk.contexts import ListRow
from bluelamp.web.labels.search import empty_search_message
from bluelamp.web.private_searches import encode_search
from bluelamp.web.render import render

NO_RESULTS = "No results. Try fewer words, or just the start of a name."
# Of each kind: a link leads to the whole list.
MAX_ROWS = 10
"""Rows of each group on the search page."""


class ResultGroup(TypedDict):
    """The results of one kind.

    `all_url` leads to the full list, where there is one and more to see; `is_truncated` means that
    there is more to see and no list of it.
    """

    id: str
    title: str
    total: int
    rows: list[ListRow]
    all_url: str
    is_truncated: bool


@require_safe
@staff_required
def search(request: HttpRequest) -> HttpResponse:
    """Search everything that the person may see. An empty box looks nothing up."""
    actor, at = get_actor(request), now()
    q = request.GET.get("q", "").strip()[:200]
    groups: list[ResultGroup] = []
    if q and actor.may("crime.search"):
        crimes = search_crimes(actor=actor, at=at, q=q, limit=MAX_ROWS)
        all_url = f"{reverse('desk-crimes')}?{encode_search({'q': q})}"
        groups.append(
            _group("crimes", "Crimes", crimes.rows, crimes.total, crime_row, all_url=all_url)
        )
    if q and actor.may("report.view"):
        reports = list_queue(actor=actor, at=at, state="", q=q, order="newest", limit=MAX_ROWS)
        all_url = f"{reverse('desk-reports')}?{encode_search({'state': 'all', 'q': q})}"
        groups.append(
            _group("reports", "Reports", reports.rows, reports.total, _report_row, all_url=all_url)
        )
    if q and actor.may("person.view"):
        people = search_people(actor=actor, at=at, q=q, limit=MAX_ROWS)
        groups.append(_group("people", "People", people.people, people.total, _person_row))
    if q and actor.may("crime.search"):
        # Places are few and only narrow a search of crimes, so they get half the room.
        places = find_places(q.replace("\x00", ""), limit=MAX_ROWS // 2)
        groups.append(_group("places", "Places", places, len(places), _place_row))
    context = {
        "q": q,
        "groups": groups,
        "total": sum(group["total"] for group in groups),
        "empty": empty_search_message(q, NO_RESULTS),
    }
    return render(request, "desk/search.html.jinja", context)


def _group(
    id_: str,
    title: str,
    rows: Sequence[Any],
    total: int,
    to_list_row: Callable[[Any], ListRow],
    all_url: str = "",
) -> ResultGroup:
    has_more = total > len(rows)
    return {
        "id": id_,
        "title": title,
        "total": total,
        "rows": [to_list_row(row) for row in rows],
        "all_url": all_url if has_more else "",
        "is_truncated": has_more and not all_url,
    }


def crime_row(row: CrimeRow) -> ListRow:
    """Return a crime as a line of a list, under its number."""
    return {
        "href": reverse("desk-crime", kwargs={"number": row.number}),
        "text": row.number,
        "detail": labels.join_parts(row.offence_title, row.place, labels.victim_names(row)),
        "tag": labels.crime_tag(row.state),
    }


def _report_row(row: QueueRow) -> ListRow:
    return {
        "href": reverse("desk-report", kwargs={"reference": row.reference}),
        "text": row.reference,
        "detail": labels.join_parts(row.kind_title, row.place, row.person_reporting),
        "tag": labels.report_tag(row.state),
    }


def _person_row(person: PersonDetail) -> ListRow:
    address = person.address.in_one_line if person.address else ""
    return {
        "href": reverse("desk-person", kwargs={"person_id": person.id}),
        "text": person.name or "Name not known",
        "detail": labels.join_parts(address, person.phone, person.email),
    }


def _place_row(place: Any) -> ListRow:
    name = place.postcode or place.street
    return {
        "href": f"{reverse('desk-crimes')}?{encode_search({'q': name})}",
        "text": name,
        "detail": labels.join_parts(place.label, place.unit_name),
    }
