"""Check the answers and send the report."""

from collections.abc import Callable, Mapping
from typing import Any, TypedDict

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bluelamp.casework.reports import commands
from bluelamp.casework.reports.lookups import DraftDetail, DraftItem
from bluelamp.casework.reports.rules import (
    parse_answers,
    parse_date_fields,
    phone_warning,
)
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.datetime_input import DATE_PARTS
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.web import formats
from bluelamp.web.actor import get_actor
from bluelamp.web.labels.people import CONTACT_METHODS, SAFE_CONTACTS
from bluelamp.web.labels.reports import REPORT_KINDS, REPORTER_ROLES
from bluelamp.web.public import drafts
from bluelamp.web.public.files import file_rows
from bluelamp.web.public.flow import change_url
from bluelamp.web.public.rate_limits import limit_posts
from bluelamp.web.public.refused_forms import get_refused_form, redirect_to_form
from bluelamp.web.public.steps import CONTACT, STEPS, Answers
from bluelamp.web.render import render

MAX_REPORTS_AN_HOUR = 30
DECLARATION = "is_declared_true"

Rows = list[tuple[str, Any]]
"""Pairs of a label and its value: a text, or a list of lines."""


class AnswerSection(TypedDict):
    """The answers of one step: its page to change them on, and the rows."""

    slug: str
    title: str
    href: str
    rows: Rows


class MissingAnswer(TypedDict):
    """The first thing that is wrong or missing in a step."""

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
        answers = parse_answers(draft.answers, at=at)
        submitted = commands.submit_draft(
            actor=get_actor(request), at=at, draft_id=cookie.draft_id, secret=cookie.secret
        )
    except Refused as refused:
        # Errors of the steps are shown at their sections. These belong to this page.
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
    answers = draft.answers
    missing = _missing_answers(answers)
    context: dict[str, Any] = {
        "back": CONTACT.url,
        "draft_id": str(draft.id),
        "sections": _answer_sections(answers, items),
        "missing": missing,
        "is_sending": errors is not None,
        "errors": {},
        "values": {DECLARATION: answers.get(DECLARATION, "")},
        "files": file_rows(items),
    }
    if errors is not None:
        step_errors = {f"step-{answer['slug']}": answer["message"] for answer in missing}
        context["errors"] = {**step_errors, **errors}
    return render(request, "public/report/check.html.jinja", context)


def _missing_answers(answers: Answers) -> list[MissingAnswer]:
    at = now()
    missing: list[MissingAnswer] = []
    for step in STEPS:
        errors = step.errors(answers, at=at)
        if errors:
            missing.append(
                {
                    "slug": step.slug,
                    "title": str(step.title),
                    "href": change_url(f"report-{step.slug}"),
                    "message": next(iter(errors.values())),
                }
            )
    return missing


def _answer_sections(answers: Answers, items: tuple[DraftItem, ...]) -> list[AnswerSection]:
    """Return the answers of every step as they are read back."""
    return [
        {
            "slug": step.slug,
            "title": str(step.title),
            "href": change_url(f"report-{step.slug}"),
            "rows": _ROWS[step.slug](answers, items),
        }
        for step in STEPS
    ]


def _text(answers: Answers, name: str) -> str:
    return answers.get(name, "").strip()


def _with_value(rows: Rows) -> Rows:
    """Return the rows that have a value: for answers that are optional."""
    return [(label, value) for label, value in rows if value]


def _what_rows(answers: Answers, items: tuple[DraftItem, ...]) -> Rows:
    return [(_("What happened"), str(REPORT_KINDS.get(_text(answers, "kind"), "")))]


def _where_rows(answers: Answers, items: tuple[DraftItem, ...]) -> Rows:
    return [
        (_("Place"), _text(answers, "postcode") or _text(answers, "place_text")),
        (_("Address"), _text(answers, "address")),
        *_with_value([(_("About the place"), _text(answers, "place_detail"))]),
    ]


def _when_rows(answers: Answers, items: tuple[DraftItem, ...]) -> Rows:
    return [(_("When"), _when_lines(answers))]


def _story_rows(answers: Answers, items: tuple[DraftItem, ...]) -> Rows:
    return [
        (_("In your own words"), _text(answers, "narrative").splitlines()),
        *_with_value([(_("Registration number"), _text(answers, "vrm").upper())]),
    ]


def _files_rows(answers: Answers, items: tuple[DraftItem, ...]) -> Rows:
    lines = [f"{item.filename} ({formats.format_size(item.size)})" for item in items]
    return [(_("Files"), lines)]


def _you_rows(answers: Answers, items: tuple[DraftItem, ...]) -> Rows:
    role = _text(answers, "role")
    name = f"{_text(answers, 'given_name')} {_text(answers, 'family_name')}"
    address = [_text(answers, "home_address"), _text(answers, "home_postcode")]
    return [
        (_("How you were involved"), str(REPORTER_ROLES.get(role, ""))),
        (_("Name"), name.strip()),
        *_with_value(
            [
                (_("Business"), _text(answers, "business_name") if role == "business" else ""),
                (_("Date of birth"), _date_text(answers, "born")),
                (_("Your address"), [line for line in address if line]),
            ]
        ),
    ]


def _contact_rows(answers: Answers, items: tuple[DraftItem, ...]) -> Rows:
    preference = _text(answers, "contact_preference")
    is_safe = {"yes": _("Yes"), "no": _("No")}.get(_text(answers, "is_safe_to_contact"), "")
    email, phone = _text(answers, "email"), _text(answers, "phone")
    warning = phone_warning(phone=phone, email=email) if is_safe == _("Yes") else None
    return [
        (_("Safe to contact you"), is_safe),
        *(_safe_contact_rows(answers) if is_safe == _("No") else []),
        (_("Email"), email),
        (_("Phone"), [phone, warning.text] if warning else phone),
        (_("Best way to contact you"), str(CONTACT_METHODS.get(preference, ""))),
        *_with_value([(_("Language"), _text(answers, "language"))]),
    ]


def _safe_contact_rows(answers: Answers) -> Rows:
    way = str(SAFE_CONTACTS.get(_text(answers, "safe_contact"), ""))
    detail = _text(answers, "safe_contact_detail")
    return [(_("How we can reach you"), [line for line in (way, detail) if line])]


_ROWS: Mapping[str, Callable[[Answers, tuple[DraftItem, ...]], Rows]] = {
    "what": _what_rows,
    "where": _where_rows,
    "when": _when_rows,
    "story": _story_rows,
    "files": _files_rows,
    "you": _you_rows,
    "contact": _contact_rows,
}


def _when_lines(answers: Answers) -> list[str]:
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
    date = parse_date_fields(answers, part)
    return formats.format_date(date) if date else " ".join(filter(None, parts))
