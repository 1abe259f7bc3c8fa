"""The desk's first page: what needs this person now."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bluelamp.casework.casefiles.queries import list_case_files
from bluelamp.casework.casefiles.states import CaseFileState
from bluelamp.casework.crimes.queries import crimes_of
from bluelamp.casework.reports.queries import queue
from bluelamp.foundation.kernel.clock import now
from bluelamp.web.actor import actor_of, staff
from bluelamp.web.desk import words
from bluelamp.web.render import render

SHOWN = 8


@require_safe
@staff
def home(request: HttpRequest) -> HttpResponse:
    """Reports that wait, one's own crimes, case files to check: what this person's role may see of
    them.
    """
    actor, at = actor_of(request), now()
    context: dict[str, Any] = {
        "waiting": None,
        "mine": None,
        "files": None,
        "mine_first": actor.may("suspect.name"),
    }
    if actor.may("crime.record"):
        found = queue(actor=actor, at=at)
        context["waiting"] = {
            "total": found.total,
            "rows": [
                {
                    "href": f"/desk/reports/{row.reference}/",
                    "text": row.kind_title,
                    "detail": ", ".join(part for part in (row.reference, row.place) if part),
                    "tag": words.clock_tag(row.clock, row.state),
                    "is_high_harm": row.is_high_harm,
                }
                for row in found.rows[:SHOWN]
            ],
        }
    if actor.may("crime.view"):
        own = crimes_of(actor=actor, at=at, limit=50, is_in_case=True)
        context["mine"] = {
            "total": len(own),
            "rows": [
                {
                    "href": f"/desk/crimes/{words.slug_of(row.number)}/",
                    "text": row.offence_title,
                    "detail": ", ".join(part for part in (row.number, row.place) if part),
                    "tag": words.crime_tag(row.state),
                }
                for row in own[:SHOWN]
            ],
        }
    if actor.may("casefile.view"):
        files = list_case_files(actor=actor, at=at)
        open_ = [row for row in files.rows if row.state != CaseFileState.SUBMITTED]
        context["files"] = {
            "total": len(open_),
            "rows": [
                {
                    "href": f"/desk/case-files/{row.urn}/",
                    "text": row.urn,
                    "detail": ", ".join(row.suspects or row.offences),
                    "tag": (
                        row.state.capitalize(),
                        "red" if row.state == CaseFileState.FAILED else "blue",
                    ),
                }
                for row in open_[:SHOWN]
            ],
        }
    return render(request, "desk/home.html.jinja", context)
