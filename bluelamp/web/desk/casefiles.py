"""Case files: building one, watching it being built, checking it, sending and downloading it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bluelamp.casework.casefiles import commands, lookups
from bluelamp.casework.casefiles.states import CaseFileState
from bluelamp.casework.crimes.lookups import get_crime
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.web.actor import get_actor, staff_required, step_up_required
from bluelamp.web.desk import labels
from bluelamp.web.desk.contexts import Tag
from bluelamp.web.desk.crime_header import crime_header
from bluelamp.web.desk.downloads import download_response
from bluelamp.web.desk.forms import require_permission
from bluelamp.web.labels.search import empty_search_message
from bluelamp.web.private_searches import encode_search
from bluelamp.web.render import render

STATE_TAGS = {
    CaseFileState.BUILDING: Tag("Being built", "blue"),
    CaseFileState.READY: Tag("Ready", "green"),
    CaseFileState.SUBMITTED: Tag("Sent", "green"),
    CaseFileState.FAILED: Tag("Could not be built", "red"),
}
NEW_FILE = "new"
MISSING_ITEMS_FIELD = "missing_items_reason"
MAX_CHECKED_NUMBERS = 50
"""Linked crimes that one form may add: a limit on work."""


class FindingRow(TypedDict):
    """A question that a prosecutor would ask, and the page where it can be answered, if any."""

    sentence: str
    blocks: bool
    href: str


@require_safe
@staff_required
def case_files(request: HttpRequest) -> HttpResponse:
    """List the force's case files, newest first."""
    q, state = request.GET.get("q", "")[:200], request.GET.get("state", "")
    # An address that somebody changed by hand shows everything, not an error.
    state = state if state in set(CaseFileState) else ""
    at = now()
    results = lookups.list_case_files(
        actor=get_actor(request),
        at=at,
        state=state,
        q=q,
        page=labels.parse_page_number(request.GET.get("page", "")),
    )
    matching = " found" if q or state else ""
    ordering = ", newest first" if results.total > 1 else ""
    context = {
        "results": results,
        "rows": [_case_file_row(row, at) for row in results.rows],
        "summary": f"{labels.count_label(results.total, 'case file')}{matching}{ordering}",
        "empty": _empty_message(q=q, state=state),
        "q": q,
        "state": state,
        "states": {"": "All", **{state.value: tag.text for state, tag in STATE_TAGS.items()}},
        "page": labels.page_links(page=results.page, pages=results.pages),
        "query": "&" + encode_search({"state": state, "q": q}),
    }
    return render(request, "desk/case_files.html.jinja", context)


@require_safe
@staff_required
def case_file(request: HttpRequest, urn: str) -> HttpResponse:
    """Show one case file: its state, what a prosecutor would ask, and what's in it."""
    return _case_file_page(request, urn)


@require_safe
@staff_required
def progress(request: HttpRequest, urn: str) -> JsonResponse:
    """Return how far the building is, as JSON, for the page that waits for it."""
    status = _get_status(get_actor(request), urn)
    text = status.progress or STATE_TAGS[CaseFileState(status.state)].text
    return JsonResponse({"state": status.state, "words": text})


@require_http_methods(["GET", "POST"])
@staff_required
def build(request: HttpRequest, number: str) -> HttpResponse:
    """Ask for the case file of a crime, perhaps with those linked to it."""
    actor, at = get_actor(request), now()
    crime = get_crime(actor=actor, at=at, number=number)
    require_permission(actor, "casefile.build")
    own_file = lookups.get_case_file_link(actor=actor, crime_id=crime.id)
    linked_files = {
        linked.number: lookups.get_case_file_link(actor=actor, crime_id=linked.id)
        for linked in crime.linked
    }
    # A crime that is in no case file yet never joins one unless somebody says which.
    other_files = {} if own_file else {file.urn: file for file in linked_files.values() if file}
    errors: dict[str, str] = {}
    if request.method == "POST":
        choice = request.POST.get("file", "")
        checked = request.POST.getlist("numbers")[:MAX_CHECKED_NUMBERS]
        if other_files and choice not in {NEW_FILE, *other_files}:
            errors = {"file": "Select if you want to start a new case file or add to one"}
        else:
            try:
                case_file = commands.request_case_file(
                    actor=actor,
                    at=at,
                    # The crime comes first even where the form names it again.
                    numbers=[number, *(other for other in checked if other != number)],
                    add_to=own_file.urn if own_file else choice if choice in other_files else "",
                    missing_items_reason=request.POST.get(MISSING_ITEMS_FIELD, ""),
                )
                return HttpResponseRedirect(_case_file_url(case_file.urn))
            except (Refused, Conflict) as refused:
                errors = _build_errors(refused)
    free = [linked for linked in crime.linked if linked_files[linked.number] is None]
    preselected = [] if own_file else [linked.number for linked in free]
    context = {
        **crime_header(crime),
        "values": request.POST if request.method == "POST" else {"numbers": preselected},
        "errors": errors,
        "own_file": own_file,
        "choices": [
            {"value": linked.number, "text": f"{linked.number}, {linked.offence_title}"}
            for linked in free
        ],
        "files": _file_choices(other_files.values()),
    }
    return render(request, "desk/build.html.jinja", context)


@require_POST
@staff_required
def rebuild(request: HttpRequest, urn: str) -> HttpResponse:
    """Build a case file again from today's record, as a new version with the same reference."""
    actor = get_actor(request)
    numbers = _get_status(actor, urn).numbers
    try:
        commands.request_case_file(
            actor=actor,
            at=now(),
            numbers=numbers,
            allows_unprocessed=request.POST.get("anyway") == "yes",
            missing_items_reason=request.POST.get(MISSING_ITEMS_FIELD, ""),
        )
    except (Refused, Conflict) as problem:
        return _case_file_page(request, urn, errors=_build_errors(problem, "build"))
    return HttpResponseRedirect(_case_file_url(urn))


@require_POST
@staff_required
@step_up_required
def send(request: HttpRequest, urn: str) -> HttpResponse:
    """Send a case file to the prosecutor, once however often the button is pressed."""
    try:
        commands.submit_case_file(actor=get_actor(request), at=now(), urn=urn)
    except (Refused, Conflict) as problem:
        return _case_file_page(request, urn, errors={"send": problem.message})
    return HttpResponseRedirect(f"{_case_file_url(urn)}?done=sent")


@require_POST
@staff_required
@step_up_required
def package(request: HttpRequest, urn: str) -> FileResponse:
    """Send the newest package as it was sealed."""
    opened = commands.open_package(actor=get_actor(request), at=now(), urn=urn)
    return download_response(
        opened.file, filename=opened.filename, size=opened.size, sha256=opened.sha256
    )


@require_POST
@staff_required
@step_up_required
def document(request: HttpRequest, urn: str) -> FileResponse:
    """Send one form of the newest package: the one that the field `name` names."""
    name = request.POST.get("name", "")[:300]
    opened = commands.open_document(actor=get_actor(request), at=now(), urn=urn, name=name)
    return download_response(opened.file, filename=opened.filename, size=opened.size)


def _get_status(actor: Actor, urn: str) -> lookups.CaseFileStatus:
    """Return a case file's state and progress, without an audit entry.

    The page asks every few seconds while a file is built, which is not somebody viewing a case: it
    says nothing about anybody. Whoever may not see the file is refused by the audited lookup, so
    that their attempt is on the record.
    """
    status = lookups.get_case_file_status(actor=actor, urn=urn)
    if status is None:
        lookups.get_case_file(actor=actor, at=now(), urn=urn)
        raise NotFound("There is no such case file.")
    return status


def _case_file_page(
    request: HttpRequest, urn: str, errors: Mapping[str, str] | None = None
) -> HttpResponse:
    actor = get_actor(request)
    case_file = lookups.get_case_file(actor=actor, at=now(), urn=urn)
    version = case_file.version
    tag = STATE_TAGS[CaseFileState(case_file.state)]
    is_building = case_file.state == CaseFileState.BUILDING
    context = {
        "case_file": case_file,
        "version": version,
        "state": tag.text,
        "state_colour": tag.colour,
        "is_building": is_building,
        "may_send": case_file.state == CaseFileState.READY and actor.may("casefile.submit"),
        "may_build": not is_building and actor.may("casefile.build"),
        "findings": _finding_rows(version.findings if version else (), case_file.numbers),
        "done": labels.success_message(request.GET.get("done", "")),
        "errors": errors or {},
    }
    # Nothing is wrong with what was entered: the file was in another state.
    return render(request, "desk/case_file.html.jinja", context, status=409 if errors else 200)


def _build_errors(problem: Refused | Conflict, field: str = "numbers") -> dict[str, str]:
    """Return why a case file was not requested: evidence on a phone has a field of its own."""
    if isinstance(problem, Refused) and MISSING_ITEMS_FIELD in problem.errors:
        return {MISSING_ITEMS_FIELD: problem.errors[MISSING_ITEMS_FIELD]}
    return {field: problem.message}


def _case_file_url(urn: str) -> str:
    return reverse("desk-case-file", kwargs={"urn": urn})


def _file_choices(files: Iterable[lookups.CaseFileLink]) -> list[dict[str, str]]:
    """Return a choice for a new case file and one for each of these; none if there are none."""
    choices = [{"value": file.urn, "text": _existing_file_text(file)} for file in files]
    new = {"value": NEW_FILE, "text": "Start a new case file"}
    return [new, *choices] if choices else []


def _existing_file_text(file: lookups.CaseFileLink) -> str:
    state = "sent to the prosecutor" if file.state == CaseFileState.SUBMITTED else "not sent"
    version = f"version {file.version}, {state}" if file.version else "no version yet"
    return f"Add to case file {file.urn} of a linked crime ({version})"


def _empty_message(*, q: str, state: str) -> str:
    if not (q or state):
        return (
            "There are no case files yet. To build one, open a crime and select “Build case file”."
        )
    otherwise = "No case files match. Try fewer words or another status."
    return empty_search_message(q, otherwise)


def _case_file_row(row: lookups.CaseFileRow, at: datetime) -> dict[str, Any]:
    return {
        "href": _case_file_url(row.urn),
        "urn": row.urn,
        # Each once: several crimes of a case are often of one offence.
        "offences": "; ".join(dict.fromkeys(row.offences)),
        "crimes": ", ".join(row.numbers),
        "suspects": ", ".join(row.suspects),
        "requested_by": row.requested_by_name,
        "requested": labels.short_time(row.created_at, at=at),
        "size": row.size,
        "tag": STATE_TAGS[CaseFileState(row.state)],
    }


def _finding_rows(
    findings: Sequence[lookups.FindingRow], numbers: Sequence[str]
) -> list[FindingRow]:
    return [
        {
            "sentence": finding.sentence,
            "blocks": finding.is_blocking,
            "href": _finding_url(finding.where, numbers),
        }
        for finding in findings
    ]


def _finding_url(where: str, numbers: Sequence[str]) -> str:
    """Return the page where a finding can be put right, or "" where the desk has none."""
    kind, _, subject_id = where.partition(":")
    if kind == "statement":
        return reverse("desk-statement", kwargs={"statement_id": subject_id})
    if kind == "person":
        return reverse("desk-person", kwargs={"person_id": subject_id})
    if not numbers:
        return ""
    # What concerns the whole file is put right in the crime it was built from.
    crime = reverse("desk-crime", kwargs={"number": numbers[0]})
    charge = reverse("desk-charge", kwargs={"number": numbers[0]})
    pages = {
        "exhibit": f"{crime}#exhibits",
        "statements": f"{crime}#statements",
        "charges": charge,
        "hearing": charge,
        "crimes": crime,
        "case": crime,
    }
    return pages.get(kind, "")
