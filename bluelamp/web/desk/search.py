"""One box over crimes, reports, people and places."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bluelamp.casework.crimes.queries import search_crimes
from bluelamp.casework.reports.queries import queue
from bluelamp.foundation.kernel.clock import now
from bluelamp.records.people.queries import search_people
from bluelamp.records.reference.queries import find_places
from bluelamp.web.actor import actor_of, staff
from bluelamp.web.desk import words
from bluelamp.web.render import render

SHOWN = 10


@require_safe
@staff
def search(request: HttpRequest) -> HttpResponse:
    """Everything that answers the words, the likeliest kind first; nothing is looked up for an
    empty box.
    """
    actor, at = actor_of(request), now()
    q = request.GET.get("q", "").strip()[:200]
    groups: list[dict[str, Any]] = []
    if q and actor.may("crime.search"):
        crimes = search_crimes(actor=actor, at=at, q=q, limit=SHOWN)
        groups.append(
            _group(
                "crimes",
                "Crimes",
                crimes.rows,
                crimes.total,
                crime_found,
                more=f"/desk/crimes/?q={_quoted(q)}",
            )
        )
    if q and actor.may("report.view"):
        reports = queue(actor=actor, at=at, state="", q=q, order="newest", limit=SHOWN)
        groups.append(
            _group(
                "reports",
                "Reports",
                reports.rows,
                reports.total,
                _report,
                more=f"/desk/reports/?state=all&q={_quoted(q)}",
            )
        )
    if q and actor.may("person.view"):
        people = search_people(actor=actor, at=at, q=q, limit=SHOWN)
        groups.append(_group("people", "People", people.people, people.total, _person))
    if q and actor.may("location.view"):
        places = find_places(q.replace("\x00", ""), limit=SHOWN // 2)
        groups.append(_group("places", "Places", places, len(places), _place))
    context = {"q": q, "groups": groups, "total": sum(group["total"] for group in groups)}
    return render(request, "desk/search.html.jinja", context)


def _group(
    id_: str,
    title: str,
    rows: Sequence[Any],
    total: int,
    shown: Callable[[Any], dict[str, Any]],
    more: str = "",
) -> dict[str, Any]:
    return {
        "id": id_,
        "title": title,
        "total": total,
        "rows": [shown(each) for each in rows[:SHOWN]],
        "more": more if total > SHOWN else "",
        "is_cut": total > len(rows[:SHOWN]) and not more,
    }


def crime_found(row: Any) -> dict[str, Any]:
    return {
        "href": f"/desk/crimes/{words.slug_of(row.number)}/",
        "text": row.number,
        "detail": ", ".join(part for part in (row.offence_title, row.place, *row.victims) if part),
        "tag": words.crime_tag(row.state),
    }


def _report(row: Any) -> dict[str, Any]:
    return {
        "href": f"/desk/reports/{row.reference}/",
        "text": row.reference,
        "detail": ", ".join(
            part for part in (row.kind_title, row.place, row.person_reporting) if part
        ),
        "tag": words.report_tag(row.state),
    }


def _person(each: Any) -> dict[str, Any]:
    return {
        "href": f"/desk/people/{each.id}/",
        "text": each.name or "Name not known",
        "detail": ", ".join(
            part
            for part in (each.address.in_one_line if each.address else "", each.phone, each.email)
            if part
        ),
    }


def _place(each: Any) -> dict[str, Any]:
    return {
        "href": f"/desk/crimes/?q={_quoted(each.postcode or each.street)}",
        "text": each.postcode or each.street,
        "detail": ", ".join(part for part in (each.label, each.unit_name) if part),
    }


def _quoted(text: str) -> str:
    return quote(text, safe="")
