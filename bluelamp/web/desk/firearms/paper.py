"""Key an application that came on paper: choose the kind and the day, then type the answers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bluelamp.foundation.forms.commands import save_form_draft
from bluelamp.foundation.forms.rules import SectionStep
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.services.firearms import commands, lookups, messages
from bluelamp.services.firearms.rules.keying import check_born_on, drop_paper_gaps
from bluelamp.services.firearms.rules.submitting import QUESTION_SETS
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk.firearms import labels
from bluelamp.web.desk.forms import read_field
from bluelamp.web.firearms_forms import add_shared_contact_problems
from bluelamp.web.formats import format_date
from bluelamp.web.forms import flow
from bluelamp.web.forms.filled_form import FilledForm
from bluelamp.web.forms.pages import Texts
from bluelamp.web.parsing import parse_date_field
from bluelamp.web.render import render


class KeyedForm(FilledForm):
    """A paper form that somebody keys at the desk, saved as they go."""

    layout = "desk/firearms/paper_layout.html.jinja"
    is_dense = True

    def __init__(self, request: HttpRequest, draft_id: UUID) -> None:
        self._request, self.draft_id = request, draft_id
        at = now()
        detail = lookups.get_paper_draft(actor=get_actor(request), at=at, draft_id=draft_id)
        draft, self.paper, self.holder = detail.draft, detail.paper, detail.holder
        super().__init__(draft.question_set, draft.texts, at=at, sources=draft.sources)
        self.kind_title = str(messages.KIND_TITLES[self.paper.kind])
        self.banner = (
            f"This form came in on paper on {format_date(self.paper.received_on)}. Key the answers"
            " as they are on the paper. Leave the email address or photo empty if there is none."
            f"{_describe_holder(self.holder)}"
        )
        self.back = reverse("desk-firearms-paper")

    @cached_property
    def steps(self) -> list[SectionStep]:
        steps = super().steps
        add_shared_contact_problems(steps)
        self._check_holder(steps)
        for step in steps:
            for page in step.pages:
                texts = self.texts_at(step.section, page.row)
                page.problems[:] = drop_paper_gaps(page.problems, texts)
        return steps

    def _check_holder(self, steps: list[SectionStep]) -> None:
        """Say where the form has another date of birth than the holder whose number it has."""
        for page in (page for step in steps for page in step.pages):
            on_record = self.holder.born_on if self.holder else None
            if code := check_born_on(page.values.get("born_on"), on_record=on_record):
                page.problems.append(Problem(code, "born_on"))

    def url(self, view: str, *parts: object) -> str:
        name = "desk-firearms-key" if view == "start" else f"desk-firearms-key-{view}"
        return reverse(name, args=[self.draft_id, *parts])

    def store(self, texts: Texts, removed_prefix: str) -> None:
        save_form_draft(
            actor=get_actor(self._request),
            at=self.at,
            draft_id=self.draft_id,
            texts=texts,
            removed_prefix=removed_prefix,
        )

    def receive_files(self, files: Sequence[UploadedFile[bytes]]) -> list[str]:
        if not files:
            return []
        ids = commands.add_paper_scans(
            actor=get_actor(self._request),
            at=self.at,
            draft_id=self.draft_id,
            scans=[to_scan(file) for file in files],
        )
        # What was read of them before lacks the new ones.
        self.__dict__.pop("files", None)
        return [str(item_id) for item_id in ids]

    def file_options(self, file_ids: list[str]) -> dict[str, Any]:
        rows = [
            {"id": file_id, "name": self.files[file_id].name, "size": self.files[file_id].size}
            for file_id in file_ids
            # An id that names no file of this draft was made up.
            if file_id in self.files
        ]
        return {"uploaded": rows, "removal": "#"}

    def name_files(self, file_ids: list[str]) -> list[str]:
        return [self.files[file_id].name for file_id in file_ids if file_id in self.files]

    @cached_property
    def files(self) -> dict[str, lookups.DraftFile]:
        """The files that came with the form so far, its scans included, by their ids."""
        actor = get_actor(self._request)
        # Without a secret: the draft belongs to the account that began it.
        return lookups.list_draft_files(actor=actor, at=self.at, draft_id=self.draft_id, secret="")

    def finish(self, request: HttpRequest) -> HttpResponse:
        try:
            reference = commands.submit_paper_application(
                actor=get_actor(request), at=self.at, draft_id=self.draft_id
            )
        except Refused:  # an answer was changed in another tab meanwhile
            return HttpResponseRedirect(self.url("check"))
        except NotFound:  # the other of two sends was first
            return redirect("desk-firearms")
        url = reverse("desk-firearms-application", kwargs={"reference": reference})
        return HttpResponseRedirect(f"{url}?done=keyed")


def _describe_holder(holder: lookups.PaperHolder | None) -> str:
    if holder is None:
        return ""
    born = f", born {format_date(holder.born_on)}" if holder.born_on else ""
    return (
        f" By the number of the certificate it is from {holder.name}{born}. Check that it is. A new"
        " email address or phone number does not replace those that we have: ask them first."
    )


def to_scan(file: UploadedFile[bytes]) -> commands.Scan:
    """Return an uploaded file as the commands take it."""
    return commands.Scan(file.name or "", file, file.content_type or "")


@require_http_methods(["GET", "POST"])
@staff_required
def start(request: HttpRequest) -> HttpResponse:
    """Choose what a paper form applies for and the day it came in; or go on with one begun."""
    actor, at = get_actor(request), now()
    errors: dict[str, str] = {}
    if request.method == "POST":
        received_on = read_field(errors, "received_on", parse_date_field, request.POST)
        try:
            if not errors:
                draft_id = commands.start_paper_application(
                    actor=actor,
                    at=at,
                    kind=request.POST.get("kind", ""),
                    received_on=received_on,
                    holder_number=request.POST.get("holder_number", ""),
                    scans=[to_scan(file) for file in list_uploads(request)],
                )
                return redirect("desk-firearms-key", draft_id=draft_id)
        except Refused as refused:
            errors = dict(refused.errors)
    context = {
        "drafts": lookups.list_paper_drafts(actor=actor, at=at),
        "others": lookups.list_paper_drafts_of_others(actor=actor, at=at),
        "kinds": labels.choices(messages.KIND_TITLES, tuple(QUESTION_SETS)),
        "kind_titles": messages.KIND_TITLES,
        "example": format_date(london_date(at)),
        "values": request.POST,
        "errors": errors,
        "done": "Deleted" if request.GET.get("done") else "",
    }
    status = 422 if errors else 200
    return render(request, "desk/firearms/paper.html.jinja", context, status=status)


@require_safe
@staff_required
def tasks(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show the tasks of a form that is keyed."""
    return flow.start(request, KeyedForm(request, draft_id))


@staff_required
def ask_page(
    request: HttpRequest, draft_id: UUID, page_id: str, row: int | None = None
) -> HttpResponse:
    """Key one page."""
    return flow.ask_page(request, KeyedForm(request, draft_id), page_id, row)


@require_POST
@staff_required
def save_page(
    request: HttpRequest, draft_id: UUID, page_id: str, row: int | None = None
) -> HttpResponse:
    """Save what is typed on a page so far, for its script."""
    return flow.save_page(request, KeyedForm(request, draft_id), page_id, row)


@staff_required
def list_rows(request: HttpRequest, draft_id: UUID, section_id: str) -> HttpResponse:
    """Show the rows of a section that repeats."""
    return flow.list_rows(request, KeyedForm(request, draft_id), section_id)


@staff_required
def check(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show all answers to check. On POST put the application on record, once."""
    return flow.check_answers(request, KeyedForm(request, draft_id))


@require_http_methods(["GET", "POST"])
@staff_required
def scans(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show the files of a form that is keyed. On POST add scans of the paper."""
    form = KeyedForm(request, draft_id)
    errors: dict[str, str] = {}
    if request.method == "POST":
        uploads = list_uploads(request)
        try:
            if not uploads:
                raise Refused("Select a file", field="scans")
            form.receive_files(uploads)
            return redirect("desk-firearms-key-scans", draft_id=draft_id)
        except Refused as refused:
            errors = {"scans": refused.message}
    context = {"form": form, "files": form.files.values(), "errors": errors}
    status = 422 if errors else 200
    return render(request, "desk/firearms/paper_scans.html.jinja", context, status=status)


@require_POST
@staff_required
def delete(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Delete a form that was begun by mistake."""
    commands.delete_paper_draft(actor=get_actor(request), at=now(), draft_id=draft_id)
    return redirect(f"{reverse('desk-firearms-paper')}?done=deleted")


@require_POST
@staff_required
def take_over(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Go on with a form that a colleague has begun."""
    commands.take_over_paper_draft(actor=get_actor(request), at=now(), draft_id=draft_id)
    return redirect("desk-firearms-key", draft_id=draft_id)


def list_uploads(request: HttpRequest) -> list[UploadedFile[bytes]]:
    """Return the scans that a form of the desk brings."""
    return [file for file in request.FILES.getlist("scans") if isinstance(file, UploadedFile)]
