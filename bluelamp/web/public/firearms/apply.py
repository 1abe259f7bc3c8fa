"""An application: its tasks and questions, and sending it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bluelamp.foundation.forms.commands import save_form_draft
from bluelamp.foundation.forms.lookups import get_form_draft
from bluelamp.foundation.forms.rules import SectionStep
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.records.evidence import commands as evidence
from bluelamp.services.firearms.commands.starting import extend_draft_reference
from bluelamp.services.firearms.commands.submitting import submit_application
from bluelamp.services.firearms.lookups.addresses import get_own_address
from bluelamp.services.firearms.lookups.files import (
    DraftFile,
    application_subject,
    get_draft_picture,
    list_draft_files,
)
from bluelamp.services.firearms.lookups.progress import get_confirmation
from bluelamp.web.actor import get_actor
from bluelamp.web.firearms_forms import add_shared_contact_problems
from bluelamp.web.forms import flow
from bluelamp.web.forms.filled_form import FilledForm
from bluelamp.web.forms.pages import Texts
from bluelamp.web.languages import active_language
from bluelamp.web.public.firearms import cookies
from bluelamp.web.render import render


class ApplicationForm(FilledForm):
    """An application that somebody fills in, saved for weeks."""

    layout = "public/firearms/layout.html.jinja"

    def __init__(self, request: HttpRequest, cookie: cookies.DraftCookie) -> None:
        self._request, self._cookie = request, cookie
        at = now()
        draft = get_form_draft(
            actor=get_actor(request), at=at, draft_id=cookie.draft_id, secret=cookie.secret
        )
        super().__init__(draft.question_set, draft.texts, at=at, sources=draft.sources)
        self.banner = _("Your reference to come back is %(reference)s") % {
            "reference": cookie.reference
        }
        self.back = reverse("firearms")

    @cached_property
    def steps(self) -> list[SectionStep]:
        steps = super().steps
        add_shared_contact_problems(steps)
        return steps

    def url(self, view: str, *parts: object) -> str:
        name = "firearms-form" if view == "start" else f"firearms-form-{view}"
        return reverse(name, args=parts)

    def store(self, texts: Texts, removed_prefix: str) -> None:
        actor = get_actor(self._request)
        save_form_draft(
            actor=actor,
            at=self.at,
            draft_id=self._cookie.draft_id,
            secret=self._cookie.secret,
            texts=texts,
            removed_prefix=removed_prefix,
        )
        # The reference to come back with lasts as long as the draft.
        extend_draft_reference(actor=actor, at=self.at, draft_id=self._cookie.draft_id)

    def receive_files(self, files: Sequence[UploadedFile[bytes]]) -> list[str]:
        actor = get_actor(self._request)
        return [
            str(
                evidence.receive_item(
                    actor=actor,
                    at=self.at,
                    subject=application_subject(self._cookie.draft_id),
                    filename=file.name or "",
                    source=file,
                    media_type_claimed=file.content_type or "",
                    claims=evidence.ItemClaims(origin="form"),
                ).id
            )
            for file in files
        ]

    def file_options(self, file_ids: list[str]) -> dict[str, Any]:
        files = self._list_files()
        # An id that names no file of this draft was made up: there is nothing to show of it.
        rows = [
            {
                "id": file_id,
                "name": files[file_id].name,
                "size": files[file_id].size,
                "src": reverse("firearms-form-picture", args=[file_id]),
            }
            for file_id in file_ids
            if file_id in files
        ]
        return {"uploaded": rows, "removal": "#"}

    def name_files(self, file_ids: list[str]) -> list[str]:
        files = self._list_files()
        return [files[file_id].name for file_id in file_ids if file_id in files]

    def finish(self, request: HttpRequest) -> HttpResponse:
        try:
            submit_application(
                actor=get_actor(request),
                at=self.at,
                draft_id=self._cookie.draft_id,
                secret=self._cookie.secret,
                language=active_language(),
            )
        except Refused:  # an answer was changed in another tab meanwhile
            return HttpResponseRedirect(self.url("check"))
        except NotFound:  # the other of two sends was first
            return _go_to_done(request, self._cookie)
        return _go_to_done(request, self._cookie)

    def _list_files(self) -> dict[str, DraftFile]:
        return list_draft_files(
            actor=get_actor(self._request),
            at=self.at,
            draft_id=self._cookie.draft_id,
            secret=self._cookie.secret,
        )


def tasks(request: HttpRequest) -> HttpResponse:
    """Show the tasks of the application that the browser has."""
    form = _open_form(request)
    if not isinstance(form, FilledForm):
        return form
    form.banner_link = _offer_to_confirm(request)
    return flow.start(request, form)


def ask_page(request: HttpRequest, page_id: str, row: int | None = None) -> HttpResponse:
    """Ask one page of questions."""
    form = _open_form(request)
    if not isinstance(form, FilledForm):
        return form
    return flow.ask_page(request, form, page_id, row)


@require_POST
def save_page(request: HttpRequest, page_id: str, row: int | None = None) -> HttpResponse:
    """Save what is typed on a page so far, for its script."""
    form = _open_form(request)
    if not isinstance(form, FilledForm):
        # The page's script asks: a redirect would bring it another page as the answer.
        raise Http404
    return flow.save_page(request, form, page_id, row)


def list_rows(request: HttpRequest, section_id: str) -> HttpResponse:
    """Show the rows of a section that repeats."""
    form = _open_form(request)
    return flow.list_rows(request, form, section_id) if isinstance(form, FilledForm) else form


def check(request: HttpRequest) -> HttpResponse:
    """Show all answers to check. On POST send the application, once."""
    form = _open_form(request)
    return flow.check_answers(request, form) if isinstance(form, FilledForm) else form


@require_safe
def picture(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Return a small picture of a file to whoever sent it; 204 while it is being made."""
    cookie = cookies.get_draft(request)
    if cookie is None:
        raise Http404
    content, media_type = get_draft_picture(
        actor=get_actor(request),
        at=now(),
        draft_id=cookie.draft_id,
        secret=cookie.secret,
        item_id=item_id,
    )
    return HttpResponse(content, content_type=media_type) if content else HttpResponse(status=204)


def _offer_to_confirm(request: HttpRequest) -> tuple[str, str] | None:
    """Return the link with which an applicant confirms their e-mail address, None if they have."""
    cookie = cookies.get_draft(request)
    if cookie is None:
        return None
    try:
        own = get_own_address(actor=get_actor(request), at=now(), application_id=cookie.draft_id)
    except NotFound:  # a draft that staff began has no reference
        return None
    if own.is_confirmed or not own.email:
        return None
    text = _("Confirm your email address, so that you can come back with a code")
    return reverse("firearms-confirm"), text


def _open_form(request: HttpRequest) -> ApplicationForm | HttpResponse:
    """Return the browser's application, or where to go if it has none or has sent it."""
    cookie = cookies.get_draft(request)
    if cookie is None:
        return HttpResponseRedirect(reverse("firearms-my"))
    try:
        return ApplicationForm(request, cookie)
    # It was sent, perhaps a moment ago in another tab.
    except NotFound:
        return _go_to_done(request, cookie)


def _go_to_done(request: HttpRequest, cookie: cookies.DraftCookie) -> HttpResponse:
    """Return a redirect to the page after sending, or to coming back if the draft is gone.

    The application has the id of its draft, and only whoever had the draft has its signed cookie.
    """
    try:
        get_confirmation(actor=get_actor(request), at=now(), application_id=cookie.draft_id)
    except NotFound:
        response = render(request, "public/firearms/gone.html.jinja", {"back": ""})
        response.status_code = 404
        # Or the browser would end here for as long as it keeps the cookie.
        return cookies.delete_cookie(response, cookies.DRAFT)
    response = HttpResponseRedirect(reverse("firearms-done"))
    cookies.set_cookie(response, cookies.SENT, str(cookie.draft_id))
    return cookies.delete_cookie(response, cookies.DRAFT)
