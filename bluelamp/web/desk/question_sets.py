"""Question sets: which there are, load a version, put it in force, and try it out."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from bluelamp.foundation.forms import commands, lookups
from bluelamp.foundation.forms.built_in import QuestionSetFile, find_unmet_requirements
from bluelamp.foundation.forms.lookups import QuestionSetRow, find_row_in_force
from bluelamp.foundation.forms.rules import BadQuestionSet, answer_type, list_facts, read_answers
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import labels
from bluelamp.web.desk.contexts import Tag
from bluelamp.web.desk.forms import require_permission
from bluelamp.web.formats import format_date
from bluelamp.web.forms import flow
from bluelamp.web.forms.filled_form import FilledForm
from bluelamp.web.forms.pages import Texts
from bluelamp.web.parsing import parse_date_field
from bluelamp.web.render import render

FactKey = tuple[str, int | None, str]
# Many times the largest set: the whole file is read and parsed while somebody waits.
MAX_FILE_BYTES = 4 * 1024 * 1024
SUCCESS_MESSAGES = {
    "loaded": "Question set loaded. Try it out, then put it in force",
    "in-force": "Question set put in force",
    "deleted": "Your answers are deleted",
}
"""Sentences for the green line on top of a page, by the `done` part of its URL."""


class Preview(FilledForm):
    """A question set that somebody tries out at the desk. Nothing is sent anywhere."""

    layout = "layouts/desk.html.jinja"
    banner = "This is a preview. We save your answers so that you can come back, and send nothing."

    def __init__(self, request: HttpRequest, draft_id: UUID) -> None:
        self._request, self._draft_id = request, draft_id
        at = now()
        draft = lookups.get_form_draft(actor=get_actor(request), at=at, draft_id=draft_id)
        super().__init__(draft.question_set, draft.texts, at=at, sources=draft.sources)
        self.back = reverse("desk-question-set", kwargs={"name": self.question_set.name})

    def url(self, view: str, *parts: object) -> str:
        name = "desk-form" if view == "start" else f"desk-form-{view}"
        return reverse(name, args=[self._draft_id, *parts])

    def store(self, texts: Texts, removed_prefix: str) -> None:
        commands.save_form_draft(
            actor=get_actor(self._request),
            at=self.at,
            draft_id=self._draft_id,
            texts=texts,
            removed_prefix=removed_prefix,
        )

    def finish(self, request: HttpRequest) -> HttpResponse:
        return redirect("desk-form-end", draft_id=self._draft_id)


@require_safe
@staff_required
def question_sets(request: HttpRequest) -> HttpResponse:
    """List the question sets, each with the version that is in force."""
    rows = lookups.list_question_sets(actor=get_actor(request), at=now())
    today = london_date(now())
    by_name: dict[str, list[QuestionSetRow]] = {}
    for row in rows:
        by_name.setdefault(row.name, []).append(row)
    context = {
        "rows": [_set_row(versions, today) for versions in by_name.values()],
        "summary": labels.count_label(len(by_name), "question set"),
    }
    return render(request, "desk/question_sets.html.jinja", context)


@require_safe
@staff_required
def question_set(request: HttpRequest, name: str) -> HttpResponse:
    """Show the versions of a question set, with forms to try one out and put it in force."""
    return _set_page(request, name)


@staff_required
def load(request: HttpRequest) -> HttpResponse:
    """Load a version from a file; a file with problems shows each with its line."""
    require_permission(get_actor(request), "reference.edit")
    problems: tuple[Any, ...] = ()
    errors = {}
    if request.method == "POST":
        try:
            file = _read_upload(request)
            # All of them: the command, which checks again, names the first one only.
            problems = _find_problems(file)
            if not problems:
                loaded = commands.load_question_set(actor=get_actor(request), at=now(), file=file)
                return _redirect_to_set(loaded.name, "loaded")
            errors = {"file": labels.count_label(len(problems), "problem") + " in this file"}
        except (Refused, Conflict) as refusal:
            errors = {"file": refusal.message}
    context = {"problems": problems, "errors": errors}
    return render(request, "desk/load_question_set.html.jinja", context)


@require_POST
@staff_required
def put_in_force(request: HttpRequest, name: str, version: int) -> HttpResponse:
    """Put a version in force from a day."""
    # Each version on the page has a form of its own, and its error belongs beside that one.
    field = f"from-{version}"
    try:
        day = parse_date_field(request.POST, field=field)
        if day is None:
            raise Refused("Enter the date from which it is in force", field=field)
        commands.put_in_force(
            actor=get_actor(request), at=now(), name=name, version=version, in_force_from=day
        )
    except (Refused, Conflict) as refusal:
        return _set_page(request, name, errors={field: refusal.message})
    return _redirect_to_set(name, "in-force")


@require_POST
@staff_required
def start_preview(request: HttpRequest, name: str, version: int) -> HttpResponse:
    """Begin to fill in a version, as somebody who is asked its questions does."""
    actor = get_actor(request)
    require_permission(actor, "reference.edit")
    subject = f"preview:{name}:{version}"
    draft = lookups.find_form_draft(actor=actor, at=now(), subject=subject)
    if draft is None:
        draft, _secret = commands.start_form_draft(
            actor=actor, at=now(), name=name, version=version, subject=subject
        )
    return redirect("desk-form", draft_id=draft.id)


@require_safe
@staff_required
def preview(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show the tasks of a form that is tried out, or its first page."""
    return flow.start(request, Preview(request, draft_id))


@staff_required
def preview_page(
    request: HttpRequest, draft_id: UUID, page_id: str, row: int | None = None
) -> HttpResponse:
    """Ask one page of a form that is tried out."""
    return flow.ask_page(request, Preview(request, draft_id), page_id, row)


@require_POST
@staff_required
def preview_save(
    request: HttpRequest, draft_id: UUID, page_id: str, row: int | None = None
) -> HttpResponse:
    """Save what is typed on a page so far."""
    return flow.save_page(request, Preview(request, draft_id), page_id, row)


@staff_required
def preview_rows(request: HttpRequest, draft_id: UUID, section_id: str) -> HttpResponse:
    """Show the rows of a section that repeats."""
    return flow.list_rows(request, Preview(request, draft_id), section_id)


@staff_required
def preview_check(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show all answers to check."""
    return flow.check_answers(request, Preview(request, draft_id))


@require_safe
@staff_required
def preview_end(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Show what the answers would become."""
    form = Preview(request, draft_id)
    values = read_answers(form.question_set, form.texts, at=form.at).all_values
    rows = _list_fact_rows(form)
    facts = [
        (fact, rows[fact.thing, fact.row, fact.private])
        for fact in list_facts(form.question_set, values, today=form.today)
    ]
    context = {"form": form, "facts": facts, "draft_id": draft_id, "back": form.url("check")}
    return render(request, "desk/preview_end.html.jinja", context)


@require_POST
@staff_required
def delete_preview(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Delete the answers of a form that was tried out."""
    form = Preview(request, draft_id)
    commands.delete_form_draft(actor=get_actor(request), at=now(), draft_id=draft_id)
    return _redirect_to_set(form.question_set.name, "deleted")


def _list_fact_rows(form: FilledForm) -> dict[FactKey, list[tuple[str, list[str]]]]:
    """Return what each thing's fields would say, as people read the answers, not as we store them.

    The key is the thing, the number of its row and the label of who may see it.
    """
    rows: dict[FactKey, list[tuple[str, list[str]]]] = {}
    for step in form.steps:
        for page in step.pages:
            for question, value in page.answers:
                if value is not None and question.becomes:
                    thing, _, field_name = question.becomes.partition(".")
                    lines = answer_type(question.type).show(question, value)
                    key = (thing, page.row, step.private)
                    rows.setdefault(key, []).append((field_name or question.title, lines))
    return rows


def _set_page(
    request: HttpRequest, name: str, errors: dict[str, str] | None = None
) -> HttpResponse:
    rows = lookups.list_question_sets(actor=get_actor(request), at=now(), name=name)
    today = london_date(now())
    in_force = find_row_in_force(rows, name, on=today)
    context = {
        "name": name,
        "title": rows[0].title,
        "versions": [_version_row(row, in_force, today) for row in rows],
        "values": request.POST,
        "errors": errors or {},
        "done": SUCCESS_MESSAGES.get(request.GET.get("done", ""), ""),
    }
    return render(request, "desk/question_set.html.jinja", context)


def _redirect_to_set(name: str, done: str) -> HttpResponse:
    return redirect(f"{reverse('desk-question-set', kwargs={'name': name})}?done={done}")


def _set_row(versions: list[QuestionSetRow], today: date) -> dict[str, Any]:
    newest = versions[0]
    in_force = find_row_in_force(tuple(versions), newest.name, on=today)
    return {
        "href": reverse("desk-question-set", kwargs={"name": newest.name}),
        "title": newest.title,
        "name": newest.name,
        "in_force": f"Version {in_force.version}" if in_force else "None",
        "since": format_date(in_force.in_force_from) if in_force else "",
        "versions": len(versions),
    }


def _version_row(
    row: QuestionSetRow, in_force: QuestionSetRow | None, today: date
) -> dict[str, Any]:
    has_begun = row.in_force_from is not None and row.in_force_from <= today
    if row == in_force:
        tag = Tag("In force", "green")
    elif row.in_force_from and not has_begun:
        tag = Tag(f"In force from {format_date(row.in_force_from)}", "blue")
    else:
        tag = Tag("Replaced", "grey") if has_begun else Tag("Not in force", "grey")
    return {
        "row": row,
        "tag": tag,
        "facts": [
            ("In force since", format_date(row.in_force_from)) if has_begun else None,
            ("Loaded", f"{labels.short_time(row.loaded_at, at=now())} by {row.loaded_by}"),
            ("Comes with Bluelamp", "Yes" if row.is_built_in else "No"),
        ],
        "can_put_in_force": not has_begun,
    }


def _read_upload(request: HttpRequest) -> QuestionSetFile:
    """Return the file of the form. Raises Refused where it is none, or no text."""
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile):
        raise Refused("Select a file", field="file")
    if (upload.size or 0) > MAX_FILE_BYTES:
        raise Refused("The file must be smaller than 4MB", field="file")
    try:
        translations = {
            # report.cy.yaml is the translation into Welsh.
            (other.name or "").removesuffix(".yaml").rpartition(".")[2]: other.read().decode(
                "utf-8"
            )
            for other in request.FILES.getlist("translations")
        }
        return QuestionSetFile(upload.read().decode("utf-8"), translations)
    except UnicodeDecodeError:
        raise Refused("The files must be text in UTF-8", field="file") from None


def _find_problems(file: QuestionSetFile) -> tuple[Any, ...]:
    try:
        return tuple(find_unmet_requirements(file.question_set))
    except BadQuestionSet as bad:
        return bad.problems
