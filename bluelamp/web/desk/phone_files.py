"""Files that officers saved from their phones: hand one in, see what is in it, and bring it in."""

from typing import Any, BinaryIO, cast
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.services.phone_files.commands import receive_phone_file, request_bring_in
from bluelamp.services.phone_files.lookups import (
    EntryDetail,
    FileDetail,
    FileRow,
    get_phone_file,
    list_phone_files,
)
from bluelamp.services.phone_files.rules import FileState, Outcome
from bluelamp.web import formats
from bluelamp.web.actor import get_actor, staff_required, step_up_required
from bluelamp.web.desk import labels
from bluelamp.web.desk.contexts import Tag
from bluelamp.web.render import render

STATE_TAGS = {
    FileState.ANNOUNCED: Tag("Being sent", "grey"),
    FileState.WAITING: Tag("Waiting for you", "yellow"),
    FileState.BRINGING_IN: Tag("Being brought in", "blue"),
    FileState.DONE: Tag("Brought in", "green"),
    FileState.REFUSED: Tag("Could not be read", "red"),
}
OUTCOME_TAGS = {
    Outcome.RECEIVED: Tag("Brought in", "green"),
    Outcome.BEFORE: Tag("Already here", "grey"),
    Outcome.REFUSED: Tag("Not accepted", "red"),
}


@require_http_methods(["GET", "POST"])
@staff_required
def phone_files(request: HttpRequest) -> HttpResponse:
    """List the files that came from phones, and hand one in."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            file_id = _receive(request)
            return redirect("desk-phone-file", file_id=file_id)
        except Refused as refused:
            errors = refused.errors
    actor, at = get_actor(request), now()
    page = labels.parse_page_number(request.GET.get("page", ""))
    results = list_phone_files(actor=actor, at=at, page=page)
    context = {
        "rows": [_describe_row(row) for row in results.rows],
        "summary": labels.count_label(results.total, "file"),
        "empty": "No files from phones yet.",
        "page": labels.page_links(page=results.page, pages=results.pages),
        "errors": errors,
    }
    return render(request, "desk/phone_files.html.jinja", context, status=422 if errors else 200)


@require_safe
@staff_required
def phone_file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Show a file and what is in it."""
    return _file_page(request, file_id)


@require_POST
@staff_required
@step_up_required
def bring_in(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Bring in what is in a file."""
    try:
        request_bring_in(
            actor=get_actor(request),
            at=now(),
            file_id=file_id,
            reason=request.POST.get("reason", ""),
        )
    except Refused as refused:
        return _file_page(request, file_id, errors=refused.errors)
    except Conflict as conflict:
        return _file_page(request, file_id, errors={"reason": conflict.message})
    return redirect("desk-phone-file", file_id=file_id)


@require_safe
@staff_required
def progress(request: HttpRequest, file_id: UUID) -> JsonResponse:
    """Return how far a file is, as JSON, for the page that waits for it."""
    detail = get_phone_file(actor=get_actor(request), at=now(), file_id=file_id)
    return JsonResponse({"state": detail.file.state.value, "words": _progress_words(detail)})


def _receive(request: HttpRequest) -> UUID:
    """Return the id of the file that a form brings. Raises Refused."""
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        raise Refused("phone_files.file_missing", field="file")
    return receive_phone_file(
        actor=get_actor(request), at=now(), file=cast(BinaryIO, upload), size=upload.size or 0
    )


def _file_page(
    request: HttpRequest, file_id: UUID, *, errors: dict[str, str] | None = None
) -> HttpResponse:
    actor, at = get_actor(request), now()
    detail = get_phone_file(actor=actor, at=at, file_id=file_id)
    row = detail.file
    missing = sum(not entry.is_here for entry in detail.entries)
    context: dict[str, Any] = {
        "file": _describe_row(row),
        "file_id": row.id,
        "state": row.state.value,
        "is_busy": row.state == FileState.BRINGING_IN,
        "progress": _progress_words(detail),
        "progress_url": reverse("desk-phone-file-progress", kwargs={"file_id": row.id}),
        "fault": Problem(f"phone_files.{row.fault}").text if row.fault else "",
        "needs_decision": row.needs_decision,
        "may_bring_in": row.state in (FileState.WAITING, FileState.DONE) and missing > 0,
        "missing": missing,
        "missing_words": labels.count_label(missing, "thing"),
        "is_again": row.state == FileState.DONE,
        "officers": sorted({entry.officer_name for entry in detail.entries if entry.officer_name}),
        "saved": labels.short_time(detail.saved_at, at=at) if detail.saved_at else "",
        "decided": labels.short_time(detail.decided_at, at=at) if detail.decided_at else "",
        "decided_by": detail.decided_by_name,
        "reason": detail.reason,
        "app": detail.app,
        "sha256": detail.sha256,
        "entries": [_describe_entry(entry) for entry in detail.entries],
        "values": {"reason": request.POST.get("reason", "")},
        "errors": errors or {},
    }
    return render(request, "desk/phone_file.html.jinja", context, status=422 if errors else 200)


def _describe_row(row: FileRow) -> dict[str, Any]:
    at = now()
    counts = [f"{row.received:,} of {row.total:,} here"] if row.received else []
    if row.refused:
        counts.append(f"{row.refused:,} not accepted")
    return {
        "href": reverse("desk-phone-file", kwargs={"file_id": row.id}),
        "name": row.device_name or "Unknown phone",
        "what": ", ".join(counts) or labels.count_label(row.total, "thing"),
        "size": formats.format_size(row.size),
        "came": labels.short_time(row.came_at, at=at),
        "came_at": row.came_at,
        "came_by": row.came_by_name,
        "how": "from their phone" if row.is_from_phone else "at the desk",
        "tag": STATE_TAGS[row.state],
    }


def _describe_entry(entry: EntryDetail) -> dict[str, Any]:
    tag = OUTCOME_TAGS.get(entry.outcome)
    # It may have come another way since, or be here only in part.
    if entry.is_here and entry.outcome in (Outcome.WAITING, Outcome.REFUSED):
        tag = OUTCOME_TAGS[Outcome.BEFORE]
    return {
        "label": entry.label,
        "size": formats.format_size(entry.file_size) if entry.file_size else "",
        "officer": entry.officer_name or "Not an officer of this force",
        "made": labels.short_time(entry.made_at, at=now()) if entry.made_at else "Not said",
        "made_at": entry.made_at,
        "tag": tag or Tag("Not here yet", "yellow"),
        "problem": "" if entry.is_here and entry.outcome == Outcome.REFUSED else entry.problem,
        "phone_problem": entry.phone_problem if entry.outcome == Outcome.WAITING else "",
    }


def _progress_words(detail: FileDetail) -> str:
    return f"{detail.done:,} of {detail.file.total:,} done"
