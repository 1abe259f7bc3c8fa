"""Check the answers and send the report."""

from collections.abc import Mapping
from typing import Any, TypedDict

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bluelamp.casework.reports import commands
from bluelamp.casework.reports.lookups import DraftDetail, DraftItem
from bluelamp.casework.reports.questions import name_row
from bluelamp.casework.reports.rules import parse_answers, phone_warning
from bluelamp.foundation.forms.rules import RowText, field_names, read_answers, show_answers
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.datetime_input import DATE_PARTS, parse_date_parts
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.web import formats
from bluelamp.web.actor import get_actor
from bluelamp.web.public import drafts
from bluelamp.web.public.files import file_rows
from bluelamp.web.public.flow import change_url, report_form
from bluelamp.web.public.rate_limits import limit_posts
from bluelamp.web.public.refused_forms import get_refused_form, redirect_to_form
from bluelamp.web.public.steps import (
    CHECK,
    FILES,
    WHERE,
    Answers,
    ReportForm,
    ReportList,
    ReportStep,
)
from bluelamp.web.render import render

MAX_REPORTS_AN_HOUR = 30
DECLARATION = "is_declared_true"

Rows = list[tuple[str, Any]]
"""Pairs of a label and its value: a text, or a list of lines."""


class AnswerSection(TypedDict):
    """The answers of one page: its address to change them on, and the rows."""

    slug: str
    title: str
    href: str
    rows: Rows


class MissingAnswer(TypedDict):
    """The first thing that is wrong or missing on a page."""

    slug: str
    title: str
    href: str
    message: str


@require_http_methods(["GET", "POST"])
@limit_posts(MAX_REPORTS_AN_HOUR, act="report.submitted")
def check(request: HttpRequest) -> HttpResponse:
    """Show every answer with a link to change it. On POST send the report, once."""
    draft, items = drafts.get_draft_with_items(request)
    if draft is None:
        name = "report-done" if drafts.get_sent_report(request) else "report"
        return HttpResponseRedirect(reverse(name))
    if request.method == "GET":
        # After an attempt to send, what is missing is an error.
        errors = get_refused_form(request, reverse("report")).get("errors")
        return _check_page(request, draft, items, errors=errors)
    declared = "yes" if request.POST.get(DECLARATION) == "yes" else ""
    cookie, draft = drafts.save_answers(request, {DECLARATION: declared})
    at = now()
    try:
        # First all at once, so that the page can show every error; the command stops at its first.
        answers = parse_answers(draft.question_set, draft.answers, at=at)
        submitted = commands.submit_draft(
            actor=get_actor(request), at=at, draft_id=cookie.draft_id, secret=cookie.secret
        )
    except Refused as refused:
        # Errors of the pages are shown at their sections. These belong to this page.
        errors = {
            name: message
            for name, message in refused.errors.items()
            if name in {DECLARATION, "items", ""}
        }
        errors = errors or {DECLARATION: refused.message}
        response = redirect_to_form(reverse("report-check"), reverse("report"), errors=errors)
        return drafts.set_draft_cookie(request, response, cookie)
    except Conflict:  # sent before, and answered on another page since
        return HttpResponseRedirect(reverse("report-done"))
    sent = drafts.SentReport(submitted.report_id, submitted.reference, at)
    return drafts.set_sent_cookie(
        request,
        HttpResponseRedirect(reverse("report-done")),
        sent,
        is_safe_to_contact=answers.is_safe_to_contact,
    )


def _check_page(
    request: HttpRequest,
    draft: DraftDetail,
    items: tuple[DraftItem, ...],
    *,
    errors: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Show the answers. `errors` are those of sending; then missing answers are errors too."""
    form = report_form(draft)
    missing = _missing_answers(form)
    declaration = form.step(CHECK).page.questions[0]
    context: dict[str, Any] = {
        "back": form.steps[-1].url,
        "declaration": declaration,
        "draft_id": str(draft.id),
        "sections": _answer_sections(form, items),
        "missing": missing,
        "is_sending": errors is not None,
        "errors": {},
        "values": {DECLARATION: draft.answers.get(DECLARATION, "")},
        "files": file_rows(items),
    }
    if errors is not None:
        step_errors = {f"step-{answer['slug']}": answer["message"] for answer in missing}
        context["errors"] = {**step_errors, **errors}
    return render(request, "public/report/check.html.jinja", context)


def _missing_answers(form: ReportForm) -> list[MissingAnswer]:
    at = now()
    missing: list[MissingAnswer] = []
    for step in form.steps:
        errors = step.errors(form.answers, at=at)
        if errors:
            missing.append(
                {
                    "slug": step.slug,
                    "title": step.title,
                    "href": change_url(step.url),
                    "message": next(iter(errors.values())),
                }
            )
    return missing


def _answer_sections(form: ReportForm, items: tuple[DraftItem, ...]) -> list[AnswerSection]:
    """Return the answers of every page as they are read back."""
    values = read_answers(form.question_set, form.answers, at=now()).values
    shown: dict[str, list[RowText]] = {}
    for asked in show_answers(form.question_set, values, today=london_date(now())):
        for page in asked.pages:
            prefix = name_row(form.question_set, page.key)
            slug = f"rows.{asked.section.id}" if prefix else page.key.page_id
            shown.setdefault(slug, []).extend(
                row._replace(label=prefix + row.label) for row in page.rows
            )
    return [
        {
            "slug": step.slug,
            "title": step.title,
            "href": change_url(step.url),
            "rows": _rows_of_step(form, step, shown.get(step.slug, []), items),
        }
        for step in form.steps
    ]


def _rows_of_step(
    form: ReportForm,
    step: ReportStep | ReportList,
    rows: list[RowText],
    items: tuple[DraftItem, ...],
) -> Rows:
    """Return the rows of a page: the answers in words, and those that are wrong as typed."""
    answers = form.answers
    if step.slug == WHERE:
        return _where_rows(answers)
    if step.slug == FILES:
        return [(_("Files"), [_file_line(item) for item in items])]
    if isinstance(step, ReportList):
        return [(row.label, row.lines) for row in rows]
    result: Rows = []
    for row in rows:
        question = form.question_set.question(row.question_id)
        lines = list(row.lines)
        if question.type == "when":
            lines = _when_lines(answers)
        elif question.type == "registration" and lines:
            # With its spaces, as it is on the number plate.
            lines = [_text(answers, question.id).upper()]
        elif not lines:
            # What is wrong has no value: people see what they typed.
            typed = [_text(answers, name) for name in field_names(question)]
            lines = [" ".join(filter(None, typed))] if any(typed) else []
        if question.type == "phone" and lines and (warning := _phone_warning(answers)):
            lines.append(warning)
        result.append((row.label, lines))
    return result


def _phone_warning(answers: Answers) -> str:
    """Return what to say of a number that no text reaches, "" where it is not safe to use any."""
    if _text(answers, "is_safe_to_contact") != "yes":
        return ""
    warning = phone_warning(phone=_text(answers, "phone"), email=_text(answers, "email"))
    return warning.text if warning else ""


def _file_line(item: DraftItem) -> str:
    return f"{item.filename} ({formats.format_size(item.size)})"


def _text(answers: Answers, name: str) -> str:
    return answers.get(name, "").strip()


def _where_rows(answers: Answers) -> Rows:
    """Return the place as it was typed: what was looked up, and what was said about it."""
    rows: Rows = [
        (_("Place"), _text(answers, "postcode") or _text(answers, "place_text")),
        (_("Address"), _text(answers, "address")),
    ]
    if detail := _text(answers, "place_detail"):
        rows.append((_("About the place"), detail))
    return rows


def _when_lines(answers: Answers) -> list[str]:
    """Return when it happened with its times as they were typed."""
    when = answers.get("when", "")
    start, end = _date_time_text(answers, "from"), _date_time_text(answers, "to")
    if when == "exact":
        return [start] if start else []
    lines = [
        _("From %(start)s") % {"start": start} if start else "",
        _("to %(end)s") % {"end": end} if end else "",
    ]
    lines = [line for line in lines if line]
    if when == "between":
        return lines
    return [_("Not sure"), *lines] if when == "unsure" else []


def _date_time_text(answers: Answers, part: str) -> str:
    date, time = _date_text(answers, part), _text(answers, f"{part}_time")
    return f"{date}, {time}" if date and time else date


def _date_text(answers: Answers, part: str) -> str:
    """Return a date in words, or its three fields as typed if they are not a date."""
    parts = [_text(answers, f"{part}_{name}") for name in DATE_PARTS]
    if not any(parts):
        return ""
    date = parse_date_parts(*parts)
    return formats.format_date(date) if date else " ".join(filter(None, parts))
