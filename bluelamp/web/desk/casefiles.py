"""Case files: asking for one, following its building, checking it, sending it, taking it away."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bluelamp.casework.casefiles import commands, queries
from bluelamp.casework.casefiles.rules import Finding
from bluelamp.casework.casefiles.states import CaseFileState
from bluelamp.casework.crimes.queries import view_crime
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.web.actor import actor_of, staff
from bluelamp.web.desk import asked, words
from bluelamp.web.desk.crimes import bar
from bluelamp.web.desk.handing_out import as_download
from bluelamp.web.render import render

STATES = {
    CaseFileState.BUILDING: ("Building", "blue"),
    CaseFileState.READY: ("Ready", "green"),
    CaseFileState.SUBMITTED: ("Sent", "green"),
    CaseFileState.FAILED: ("Failed", "red"),
}


@require_safe
@staff
def case_files(request: HttpRequest) -> HttpResponse:
    """The force's case files, the newest first."""
    q, state = request.GET.get("q", "")[:200], request.GET.get("state", "")
    state = state if state in set(CaseFileState) else ""
    at = now()
    found = queries.list_case_files(
        actor=actor_of(request),
        at=at,
        state=state,
        q=q,
        page=words.page_number(request.GET.get("page", "")),
    )
    context = {
        "found": found,
        "rows": [_row(each, at) for each in found.rows],
        "q": q,
        "state": state,
        "states": {"": "All", **{value.value: text for value, (text, _) in STATES.items()}},
        "pager": words.pager(page=found.page, pages=found.pages),
        "kept": "&" + urlencode({"state": state, "q": q}),
    }
    return render(request, "desk/case_files.html.jinja", context)


@require_safe
@staff
def case_file(request: HttpRequest, urn: str) -> HttpResponse:
    """One case file: where it stands, what a prosecutor would ask, what is in it."""
    return _page(request, urn)


@require_safe
@staff
def progress(request: HttpRequest, urn: str) -> JsonResponse:
    """How far the building is, for the page that waits for it."""
    found = queries.view_case_file(actor=actor_of(request), at=now(), urn=urn)
    return JsonResponse(
        {"state": found.state, "words": found.progress or STATES[CaseFileState(found.state)][0]}
    )


@require_http_methods(["GET", "POST"])
@staff
def build(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the case file of a crime and of those linked to it."""
    actor, at, number = actor_of(request), now(), words.number_of(slug)
    errors: dict[str, str] = {}
    if request.method == "POST":
        chosen = [
            number,
            *(each for each in request.POST.getlist("numbers")[:50] if each != number),
        ]
        try:
            made = commands.build_case_file(actor=actor, at=at, numbers=chosen)
            return HttpResponseRedirect(f"/desk/case-files/{made.urn}/")
        except Refused as refused:
            errors = {"numbers": refused.message}
    known = view_crime(actor=actor, at=at, number=number, why=actor.why)
    asked.may_or_refuse(actor, "casefile.build")
    context = bar(known) | {
        "values": request.POST
        if request.method == "POST"
        else {"numbers": [each.number for each in known.linked]},
        "errors": errors,
        "choices": [
            {"value": each.number, "text": f"{each.number}, {each.offence_title}"}
            for each in known.linked
        ],
    }
    return render(request, "desk/build.html.jinja", context)


@require_POST
@staff
def rebuild(request: HttpRequest, urn: str) -> HttpResponse:
    """Build it again from what is on record now: a new version under the same reference."""
    actor, at = actor_of(request), now()
    numbers = queries.view_case_file(actor=actor, at=at, urn=urn).numbers
    try:
        commands.build_case_file(actor=actor, at=at, numbers=numbers)
    except (Refused, Conflict) as problem:
        return _page(request, urn, errors={"build": problem.message})
    return HttpResponseRedirect(f"/desk/case-files/{urn}/")


@require_POST
@staff
def send(request: HttpRequest, urn: str) -> HttpResponse:
    """Send it to the prosecutor. Pressed twice, it is sent once."""
    try:
        commands.submit_case_file(actor=actor_of(request), at=now(), urn=urn)
    except (Refused, Conflict) as problem:
        return _page(request, urn, errors={"send": problem.message})
    return HttpResponseRedirect(f"/desk/case-files/{urn}/?done=sent")


@require_POST
@staff
def download(request: HttpRequest, urn: str) -> FileResponse:
    """The newest package, as it was sealed."""
    opened = commands.open_package(actor=actor_of(request), at=now(), urn=urn)
    return as_download(
        opened.file, filename=opened.filename, size=opened.size, sha256=opened.sha256
    )


@require_POST
@staff
def document(request: HttpRequest, urn: str) -> FileResponse:
    """One form of the newest package, named in the form field `name`."""
    opened = commands.open_document(
        actor=actor_of(request), at=now(), urn=urn, name=request.POST.get("name", "")[:300]
    )
    return as_download(opened.file, filename=opened.filename, size=opened.size)


def _page(request: HttpRequest, urn: str, errors: dict[str, str] | None = None) -> HttpResponse:
    actor = actor_of(request)
    found = queries.view_case_file(actor=actor, at=now(), urn=urn, why=actor.why)
    version = found.version
    word, tone = STATES[CaseFileState(found.state)]
    context = {
        "file": found,
        "version": version,
        "state": word,
        "tone": tone,
        "is_building": found.state == CaseFileState.BUILDING,
        "may_send": found.state == CaseFileState.READY and actor.may("casefile.submit"),
        "may_build": found.state != CaseFileState.BUILDING and actor.may("casefile.build"),
        "slugs": {number: words.slug_of(number) for number in found.numbers},
        "findings": _findings(version.findings if version else (), found.numbers),
        "done": words.DONE.get(request.GET.get("done", ""), ""),
        "errors": errors or {},
    }
    return render(request, "desk/case_file.html.jinja", context, status=409 if errors else 200)


def _row(row: queries.CaseFileRow, at: Any) -> dict[str, Any]:
    word, tone = STATES[CaseFileState(row.state)]
    return {
        "href": f"/desk/case-files/{row.urn}/",
        "urn": row.urn,
        "offences": "; ".join(dict.fromkeys(row.offences)),
        "crimes": ", ".join(row.numbers),
        "suspects": ", ".join(row.suspects),
        "asked_by": row.asked_by_name,
        "asked": words.shortly(row.created_at, at=at),
        "size": row.size,
        "state": word,
        "tone": tone,
    }


def _findings(findings: Sequence[Finding], numbers: Sequence[str]) -> list[dict[str, Any]]:
    """Return what a prosecutor would ask, each with the page where it is mended, if the desk has
    one.
    """
    crime = f"/desk/crimes/{words.slug_of(numbers[0])}/" if numbers else ""
    return [
        {"sentence": each.sentence, "blocks": each.blocks, "href": _where(each.where, crime)}
        for each in findings
    ]


def _where(where: str, crime: str) -> str:
    kind, _, which = where.partition(":")
    if kind == "statement":
        return f"/desk/statements/{which}/"
    if kind == "person":
        return f"/desk/people/{which}/"
    places = {
        "exhibit": f"{crime}#exhibits",
        "statements": f"{crime}#statements",
        "charges": f"{crime}charge",
        "hearing": f"{crime}charge",
        "crimes": crime,
        "case": crime,
    }
    return places.get(kind, "") if crime else ""
