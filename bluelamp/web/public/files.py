"""Photos and videos: sent by tus where there is JavaScript, by the plain form where there is
none.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from bluelamp.casework.reports import commands as reports
from bluelamp.casework.reports import queries
from bluelamp.casework.reports.queries import DraftItem
from bluelamp.casework.reports.rules import MOST_ITEMS, item_purpose
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.records.evidence import commands as evidence
from bluelamp.web import plain
from bluelamp.web.actor import actor_of
from bluelamp.web.public import drafts
from bluelamp.web.public.report import is_from_check, onward, page_of
from bluelamp.web.public.steps import BY_SLUG
from bluelamp.web.render import render

MOST_BYTES = 20 * 1000**3
"""Longer than an hour of a phone's best video, and as much as a stranger may send in one file."""


@require_http_methods(["GET", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    """Take files in as evidence, list what was received, and take out what was added by mistake."""
    if request.method == "GET":
        held = drafts.open_draft(request)
        return drafts.remember(_page(request, held, {}), held)
    held = drafts.open_draft(request)
    errors: dict[str, str] = {}
    if removed := request.POST.get("remove", ""):
        _remove(request, held, removed)
    else:
        given = [file for file in request.FILES.getlist("files") if isinstance(file, UploadedFile)]
        errors = _take_in(request, held, given)
    if errors:
        return drafts.remember(_page(request, held, errors), held)
    step = BY_SLUG["files"]
    stays = removed or "add" in request.POST
    here = "/report/files/" + ("?from=check" if is_from_check(request) else "")
    return drafts.remember(HttpResponseRedirect(here if stays else onward(request, step)), held)


@require_safe
def picture(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """A small picture of a file, to whoever handed it in; nothing (204) while it is being made."""
    held = drafts.holder_of(request)
    if held is None:
        raise NotFound("There is no such picture.")
    content, media_type = queries.draft_picture(
        actor=actor_of(request),
        at=now(),
        draft_id=held.draft_id,
        secret=held.secret,
        item_id=item_id,
    )
    if not content:
        return HttpResponse(status=204)
    return HttpResponse(content, content_type=media_type)


def listed(items: tuple[DraftItem, ...]) -> list[dict[str, Any]]:
    """Return files as the page lists them."""
    return [
        {
            "id": str(item.id),
            "name": item.filename,
            "size": item.size,
            "kind": item.kind,
            "src": f"/report/files/{item.id}/" if item.has_picture else "",
        }
        for item in items
    ]


def _page(request: HttpRequest, held: drafts.Holder, errors: dict[str, str]) -> HttpResponse:
    actor, at = actor_of(request), now()
    _, items = queries.draft_items(actor=actor, at=at, draft_id=held.draft_id, secret=held.secret)
    token, left = "", MOST_ITEMS - len(items)
    if left > 0:
        token = evidence.issue_upload_token(
            actor=actor,
            at=at,
            purpose=item_purpose(held.draft_id),
            max_bytes=MOST_BYTES,
            max_files=left,
        )
    step = BY_SLUG["files"]
    page = {
        **page_of(request, step),
        "files": listed(items),
        "token": token,
        "purpose": item_purpose(held.draft_id),
        "most": MOST_ITEMS,
        "limit": plain.size(min(MOST_BYTES, settings.BLUELAMP_UPLOAD_LIMIT)),
        "form_limit": plain.size(settings.BLUELAMP_FORM_LIMIT),
        "errors": errors,
    }
    return render(request, "public/report/files.html.jinja", page)


def _take_in(
    request: HttpRequest, held: drafts.Holder, given: list[UploadedFile[bytes]]
) -> dict[str, str]:
    """Take each file in; return what is to be said beside the field of those that were refused."""
    actor, at = actor_of(request), now()
    draft, _ = queries.draft_items(actor=actor, at=at, draft_id=held.draft_id, secret=held.secret)
    refused = []
    for place, file in enumerate(given, start=len(draft.item_ids) + 1):
        if place > MOST_ITEMS:
            refused.append(f"You can add {MOST_ITEMS} files at most. The rest were not taken.")
            break
        try:
            evidence.take_in(
                actor=actor,
                at=at,
                purpose=item_purpose(held.draft_id),
                filename=file.name or "",
                source=file,
                media_type_claimed=file.content_type or "",
                about=evidence.About(origin="form"),
            )
        except Refused as no:
            refused.append(no.message)
    if not given and "add" in request.POST:
        refused.append("Choose a photo or video first, or press Continue to go on without.")
    return {"files": " ".join(refused)} if refused else {}


def _remove(request: HttpRequest, held: drafts.Holder, item: str) -> None:
    try:
        item_id = UUID(item)
    except ValueError:
        return
    reports.drop_draft_item(
        actor=actor_of(request),
        at=now(),
        draft_id=held.draft_id,
        secret=held.secret,
        item_id=item_id,
    )
