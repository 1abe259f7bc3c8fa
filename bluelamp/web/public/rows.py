"""What somebody answers several times in a report, such as each thing that was stolen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from bluelamp.casework.reports import commands as reports
from bluelamp.casework.reports.lookups import DraftItem, get_draft_with_items
from bluelamp.casework.reports.rules import MAX_ITEMS, report_subject
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.records.evidence import commands as evidence
from bluelamp.web.actor import get_actor
from bluelamp.web.forms import flow
from bluelamp.web.forms.filled_form import FilledForm
from bluelamp.web.forms.pages import Texts
from bluelamp.web.public import drafts
from bluelamp.web.public.drafts import DraftCookie
from bluelamp.web.public.files import MAX_FILE_BYTES, file_rows
from bluelamp.web.public.flow import already_sent_page, report_form


class ReportRows(FilledForm):
    """The report as the pages of rows see it."""

    layout = "layouts/exit.html.jinja"

    def __init__(self, request: HttpRequest, cookie: DraftCookie) -> None:
        self._request, self._cookie = request, cookie
        form = report_form(drafts.get_draft(request))
        super().__init__(form.question_set, form.answers, at=now(), sources=form.sources)
        self.back = reverse("report")
        # The draft of this page: another may be open in another tab.
        self.hidden_fields = {"draft": str(cookie.draft_id)}

    def url(self, view: str, *parts: object) -> str:
        if view == "page" and len(parts) == 1:
            return reverse("report-page", args=parts)
        names = {"page": "report-row", "save": "report-row-save", "rows": "report-rows"}
        return reverse(names.get(view, f"report-{view}"), args=parts)

    def store(self, texts: Texts, removed_prefix: str) -> None:
        # A draft of a report is never emptied but for its own end: a row that is not listed any
        # more is not read.
        drafts.save_answers(self._request, texts)

    def file_options(self, file_ids: list[str]) -> dict[str, Any]:
        subject = report_subject(self._cookie.draft_id)
        remaining = MAX_ITEMS - len(self._items)
        token = (
            evidence.issue_upload_token(
                actor=get_actor(self._request),
                at=self.at,
                subject=subject,
                max_bytes=MAX_FILE_BYTES,
                max_files=remaining,
            )
            if remaining > 0
            else ""
        )
        rows = file_rows(tuple(item for item in self._items if str(item.id) in file_ids))
        pictures = reverse("report-files")
        return {
            "uploaded": rows,
            "token": token,
            "purpose": str(subject),
            "removal": "#",
            "pictures": pictures,
        }

    def receive_files(self, files: Sequence[UploadedFile[bytes]]) -> list[str]:
        if len(files) > MAX_ITEMS - len(self._items):
            raise Refused("reports.too_many_items", field="files", max_items=MAX_ITEMS)
        items = [
            evidence.receive_item(
                actor=get_actor(self._request),
                at=self.at,
                subject=report_subject(self._cookie.draft_id),
                filename=file.name or "",
                source=file,
                media_type_claimed=file.content_type or "",
                claims=evidence.ItemClaims(origin="form"),
            )
            for file in files
        ]
        return [str(item.id) for item in items]

    def remove_file(self, file_id: str) -> None:
        if UUID(file_id) in {item.id for item in self._items}:
            reports.remove_draft_item(
                actor=get_actor(self._request),
                at=self.at,
                draft_id=self._cookie.draft_id,
                secret=self._cookie.secret,
                item_id=UUID(file_id),
            )

    def name_files(self, file_ids: list[str]) -> list[str]:
        return [item.filename for item in self._items if str(item.id) in file_ids]

    @cached_property
    def _items(self) -> tuple[DraftItem, ...]:
        _draft, items = get_draft_with_items(
            actor=get_actor(self._request),
            at=self.at,
            draft_id=self._cookie.draft_id,
            secret=self._cookie.secret,
        )
        return items

    def finish(self, request: HttpRequest) -> HttpResponse:
        raise Http404  # the report has a page of its own to check and send it


@require_http_methods(["GET", "POST"])
def row_list(request: HttpRequest, section_id: str) -> HttpResponse:
    """Show the rows of a section that repeats. On POST add or remove one, or go on."""
    if request.method == "POST" and drafts.was_sent(request):
        return already_sent_page()
    cookie = drafts.get_or_start_draft(request)
    response = flow.list_rows(request, ReportRows(request, cookie), section_id)
    return drafts.set_draft_cookie(request, response, cookie)


@require_http_methods(["GET", "POST"])
def row_page(request: HttpRequest, page_id: str, row: int) -> HttpResponse:
    """Ask the questions of one page of a row."""
    if request.method == "POST" and drafts.was_sent(request):
        return already_sent_page()
    cookie = drafts.get_or_start_draft(request)
    response = flow.ask_page(request, ReportRows(request, cookie), page_id, row)
    return drafts.set_draft_cookie(request, response, cookie)


@require_POST
def save_row_page(request: HttpRequest, page_id: str, row: int) -> HttpResponse:
    """Save what is typed on a page of a row so far, for its script. Nothing is checked."""
    cookie = drafts.get_or_start_draft(request)
    return flow.save_page(request, ReportRows(request, cookie), page_id, row)
