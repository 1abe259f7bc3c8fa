"""Checking the answers, sending them, and what comes after."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from bluelamp.casework.reports import commands
from bluelamp.casework.reports.queries import DraftItem
from bluelamp.casework.reports.rules import (
    KINDS,
    RECORD_WITHIN,
    ROLES,
    TRIAGE_WITHIN,
    read_answers,
    typed_day,
)
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.web import plain
from bluelamp.web.actor import actor_of
from bluelamp.web.public import drafts, limits
from bluelamp.web.public.files import listed
from bluelamp.web.public.steps import STEPS, problems
from bluelamp.web.render import render

REPORTS_AN_HOUR = 30
CONTACTS = {"email": "Email", "phone": "Phone call", "text": "Text message", "post": "Letter"}
DECLARED = "is_declared_true"


@require_http_methods(["GET", "POST"])
@limits.at_most(REPORTS_AN_HOUR, act="report.submitted")
def check(request: HttpRequest) -> HttpResponse:
    """Show every answer with a link to change it; on POST send the report, once."""
    draft, items = drafts.read_with_items(request)
    if draft is None:
        return HttpResponseRedirect("/report/done/" if drafts.sent_of(request) else "/report/")
    if request.method == "GET":
        return _page(request, draft.answers, items, {})
    declared = "yes" if request.POST.get(DECLARED) == "yes" else ""
    held, draft = drafts.keep(request, {DECLARED: declared})
    at = now()
    try:
        read_answers(draft.answers, at=at)
        sent = commands.submit_draft(
            actor=actor_of(request), at=at, draft_id=held.draft_id, secret=held.secret
        )
    except Refused as refused:
        errors = {
            name: said for name, said in refused.errors.items() if name in {DECLARED, "items", ""}
        }
        return _page(
            request, draft.answers, items, errors or {DECLARED: refused.message}, is_sending=True
        )
    except Conflict:
        return HttpResponseRedirect("/report/done/")
    response = HttpResponseRedirect("/report/done/")
    return drafts.remember_sent(response, drafts.Sent(sent.report_id, sent.reference, at))


@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Show the reference of the report that this browser sent, and say what happens next and by
    when.
    """
    sent = drafts.sent_of(request)
    if sent is None:
        return HttpResponseRedirect("/report/")
    page = {
        "page_reference": sent.reference,
        "seen_by": sent.at + TRIAGE_WITHIN,
        "told_by": sent.at + RECORD_WITHIN,
    }
    return render(request, "public/report/done.html.jinja", page)


@require_http_methods(["GET", "POST"])
def forget(request: HttpRequest) -> HttpResponse:
    """Remove a report that is not sent, here and from this browser; take away the reference of one
    that is.
    """
    if request.method == "GET":
        return render(request, "public/report/forget.html.jinja", {"back": "/report/check/"})
    drafts.forget(request)
    response = HttpResponseRedirect("/")
    for name in (drafts.COOKIE, drafts.SENT_COOKIE):
        response.delete_cookie(name, path=drafts.PATH, samesite="Lax")
    return response


def _page(
    request: HttpRequest,
    answers: Mapping[str, str],
    items: tuple[DraftItem, ...],
    errors: dict[str, str],
    *,
    is_sending: bool = False,
) -> HttpResponse:
    at = now()
    missing = {
        step.slug: sentence
        for step in STEPS
        for sentence in list(problems(step, answers, at=at).values())[:1]
    }
    page: dict[str, Any] = {
        "back": "/report/contact/",
        "sections": _sections(answers, items, at),
        "missing": missing,
        "steps": {step.slug: step.title for step in STEPS},
        "is_sending": is_sending,
        "errors": {**{f"step-{slug}": said for slug, said in missing.items()}, **errors}
        if is_sending
        else {},
        "values": {DECLARED: answers.get(DECLARED, "")},
        "files": listed(items),
    }
    return render(request, "public/report/check.html.jinja", page)


def _sections(
    answers: Mapping[str, str], items: tuple[DraftItem, ...], at: datetime
) -> list[dict[str, Any]]:
    """Return the answers as they are read back: a title, the page to change them on, and rows."""

    def said(name: str) -> str:
        return answers.get(name, "").strip()

    rows: dict[str, list[tuple[str, Any]]] = {
        "what": [("What happened", KINDS[said("kind")][0] if said("kind") in KINDS else "")],
        "where": [
            ("Place", said("postcode") or said("place_text")),
            ("Address", said("address")),
            ("About the place", said("place_detail")),
        ],
        "when": [("When", _when(answers))],
        "story": [
            ("In your words", said("narrative").splitlines()),
            ("Registration", said("vrm").upper()),
        ],
        "files": [("Files", [f"{item.filename} ({plain.size(item.size)})" for item in items])],
        "you": [
            ("How you were involved", ROLES.get(said("role"), "")),
            ("Name", f"{said('given_name')} {said('family_name')}".strip()),
            ("Business", said("business_name") if said("role") == "business" else ""),
            ("Date of birth", _date(answers, "born")),
            (
                "Your address",
                [part for part in (said("home_address"), said("home_postcode")) if part],
            ),
        ],
        "contact": [
            ("Email", said("email")),
            ("Phone", said("phone")),
            ("Best way to reach you", CONTACTS.get(said("contact_preference"), "")),
            ("Safe to contact you", {"yes": "Yes", "no": "No"}.get(said("is_safe_to_contact"), "")),
            ("Language", said("language")),
        ],
    }
    optional = {
        "Business",
        "Registration",
        "About the place",
        "Language",
        "Date of birth",
        "Your address",
    }
    return [
        {
            "slug": step.slug,
            "title": step.title,
            "href": f"/report/{step.slug}/?from=check",
            "rows": [
                (label, value) for label, value in rows[step.slug] if value or label not in optional
            ],
        }
        for step in STEPS
    ]


def _when(answers: Mapping[str, str]) -> list[str]:
    kind = answers.get("when", "")
    began, ended = _moment(answers, "from"), _moment(answers, "to")
    if kind == "exact":
        return [began] if began else []
    told = [
        part for part in (f"From {began}" if began else "", f"to {ended}" if ended else "") if part
    ]
    if kind == "between":
        return told
    return ["Not sure", *told] if kind == "unsure" else []


def _moment(answers: Mapping[str, str], part: str) -> str:
    on, at = _date(answers, part), answers.get(f"{part}_time", "").strip()
    return f"{on}, {at}" if on and at else on


def _date(answers: Mapping[str, str], part: str) -> str:
    """A date in words, or the three parts as typed where they are no date."""
    typed = [answers.get(f"{part}_{name}", "").strip() for name in ("day", "month", "year")]
    if not any(typed):
        return ""
    day = typed_day(answers, part)
    return plain.day(day) if day else " ".join(filter(None, typed))
