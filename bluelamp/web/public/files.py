"""Photos, videos and documents: sent by tus with JavaScript, and by a plain form without it."""

from __future__ import annotations

from contextlib import suppress
from typing import TypedDict
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bluelamp.casework.reports import commands as reports
from bluelamp.casework.reports import lookups
from bluelamp.casework.reports.lookups import DraftItem
from bluelamp.casework.reports.rules import MAX_ITEMS, report_subject
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.records.evidence import commands as evidence
from bluelamp.web import formats
from bluelamp.web.actor import get_actor
from bluelamp.web.public import drafts
from bluelamp.web.public.drafts import DraftCookie
from bluelamp.web.public.flow import (
    already_sent_page,
    change_url,
    find_step,
    is_from_check,
    next_page,
    report_form,
    step_context,
)
from bluelamp.web.public.refused_forms import get_refused_form, redirect_to_form
from bluelamp.web.public.steps import FILES
from bluelamp.web.render import render

MAX_FILE_BYTES = 20 * 1000**3
"""More than an hour of a phone's best video."""


class FileRow(TypedDict):
    """A file as the pages list it. `src` is a small picture, or "" if there is none yet."""

    id: str
    name: str
    size: int
    kind: str
    src: str


@require_http_methods(["GET", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    """Receive files as evidence, list those received, and remove one that was added by mistake."""
    # Sent from another tab meanwhile: nothing more can be added to it.
    if request.method == "POST" and drafts.was_sent(request):
        return already_sent_page()
    cookie = drafts.get_or_start_draft(request)
    if request.method == "GET":
        errors = get_refused_form(request, reverse("report")).get("errors", {})
        return drafts.set_draft_cookie(request, _files_page(request, cookie, errors), cookie)
    errors, url = {}, reverse("report-files")
    if removed := request.POST.get("remove", ""):
        _remove_file(request, cookie, removed)
    else:
        uploads = [
            file for file in request.FILES.getlist("files") if isinstance(file, UploadedFile)
        ]
        errors = _receive_files(request, cookie, uploads)
    if errors:
        query = {"from": "check"} if is_from_check(request) else {}
        response = redirect_to_form(url, reverse("report"), errors=errors, query=query)
    elif removed or "add" in request.POST:
        response = HttpResponseRedirect(change_url(url) if is_from_check(request) else url)
    else:
        form = report_form(drafts.get_draft(request))
        response = next_page(request, form, find_step(form, FILES))
    return drafts.set_draft_cookie(request, response, cookie)


@require_safe
def picture(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Return a small picture of a file to whoever sent it; 204 while it is being made."""
    # The page that shows it may be of any draft that this browser has.
    for cookie in drafts.list_draft_cookies(request):
        with suppress(NotFound):
            content, media_type = lookups.get_draft_thumbnail(
                actor=get_actor(request),
                at=now(),
                draft_id=cookie.draft_id,
                secret=cookie.secret,
                item_id=item_id,
            )
            return (
                HttpResponse(content, content_type=media_type)
                if content
                else HttpResponse(status=204)
            )
    raise NotFound("There is no such picture")


def file_rows(items: tuple[DraftItem, ...]) -> list[FileRow]:
    """Return files as the pages list them."""
    return [
        {
            "id": str(item.id),
            "name": item.filename,
            "size": item.size,
            "kind": item.kind,
            "src": (
                reverse("report-picture", kwargs={"item_id": item.id}) if item.has_picture else ""
            ),
        }
        for item in items
    ]


def _files_page(request: HttpRequest, cookie: DraftCookie, errors: dict[str, str]) -> HttpResponse:
    actor, at = get_actor(request), now()
    draft, items = lookups.get_draft_with_items(
        actor=actor, at=at, draft_id=cookie.draft_id, secret=cookie.secret
    )
    form = report_form(draft)
    step = find_step(form, FILES)
    subject = report_subject(cookie.draft_id)
    token, remaining = "", MAX_ITEMS - len(items)
    if remaining > 0:
        token = evidence.issue_upload_token(
            actor=actor,
            at=at,
            subject=subject,
            max_bytes=MAX_FILE_BYTES,
            max_files=remaining,
        )
    context = {
        **step_context(request, form, step),
        "draft_id": str(cookie.draft_id),
        "files": file_rows(items),
        "token": token,
        "purpose": str(subject),
        "max_items": MAX_ITEMS,
        "max_file_size": formats.format_size(min(MAX_FILE_BYTES, settings.BLUELAMP_UPLOAD_LIMIT)),
        "max_form_size": formats.format_size(settings.BLUELAMP_FORM_LIMIT),
        "errors": errors,
    }
    return render(request, "public/report/files.html.jinja", context)


def _receive_files(
    request: HttpRequest, cookie: DraftCookie, uploads: list[UploadedFile[bytes]]
) -> dict[str, str]:
    """Receive each file. Return what was wrong with those that were refused; the others stay."""
    actor, at = get_actor(request), now()
    draft, _items = lookups.get_draft_with_items(
        actor=actor, at=at, draft_id=cookie.draft_id, secret=cookie.secret
    )
    messages = []
    for number, file in enumerate(uploads, start=len(draft.item_ids) + 1):
        # Those before it are kept: nobody should have to send a long video twice.
        if number > MAX_ITEMS:
            messages.append(
                _("You can add up to %(max)s files. We did not add the others") % {"max": MAX_ITEMS}
            )
            break
        try:
            evidence.receive_item(
                actor=actor,
                at=at,
                subject=report_subject(cookie.draft_id),
                filename=file.name or "",
                source=file,
                media_type_claimed=file.content_type or "",
                claims=evidence.ItemClaims(origin="form"),
            )
        except Refused as refused:
            messages.append(refused.message)
    if not uploads and "add" in request.POST:
        messages.append(_("Select a photo, a video or a document"))
    return {"files": ". ".join(messages)} if messages else {}


def _remove_file(request: HttpRequest, cookie: DraftCookie, value: str) -> None:
    try:
        item_id = UUID(value)
    except ValueError:  # only a changed form sends this
        return
    reports.remove_draft_item(
        actor=get_actor(request),
        at=now(),
        draft_id=cookie.draft_id,
        secret=cookie.secret,
        item_id=item_id,
    )
