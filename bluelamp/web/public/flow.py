"""What the pages of the report share: show a step, save what was posted, and go on."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.web.public import drafts
from bluelamp.web.public.drafts import DraftCookie
from bluelamp.web.public.steps import DATE_TIME_PARTS, REPLACEMENT_CHARACTER, ReportStep
from bluelamp.web.render import render

MAX_STORED_LENGTH = 20_000
"""What a draft takes of one answer. A page's own limit is lower: its text is stored and refused."""


def ask_step(request: HttpRequest, step: ReportStep, **context: Any) -> HttpResponse:
    """Show a step with the answers so far. On POST save the answers, then go on or show errors."""
    context |= step_context(request, step)
    if request.method == "GET":
        draft = drafts.get_draft(request)
        answers = draft.answers if draft else {}
        context |= {"values": step.initial_values(answers), "answers": answers}
        return render(request, step.template, context)
    posted = step.posted_answers(request.POST)
    cookie, answers, errors = save_posted(request, step, posted)
    if errors:
        # What was posted counts, even if it could not be stored.
        answers = {**answers, **posted}
        context |= {
            "answers": answers,
            "errors": errors,
            "values": {**step.initial_values(answers), **_alternative_fields(request)},
        }
        response = render(request, step.template, context)
    else:
        response = HttpResponseRedirect(next_url(request, step))
    return drafts.set_draft_cookie(response, cookie) if cookie else response


def save_posted(
    request: HttpRequest, step: ReportStep, posted: Mapping[str, str]
) -> tuple[DraftCookie | None, dict[str, str], dict[str, str]]:
    """Save what was posted, right or wrong, so that nobody loses what they typed.

    Returns:
        The draft, or None if nothing could be saved; all its answers; and the errors of the step.
    """
    errors = step.errors(posted, at=now())
    storable = {
        name: text
        for name, text in posted.items()
        if "\x00" not in text and len(text) <= MAX_STORED_LENGTH
    }
    try:
        cookie, draft = drafts.save_answers(request, storable)
    except Refused as refused:
        return None, dict(posted), {**refused.errors, **errors}
    return cookie, draft.answers, errors


def is_from_check(request: HttpRequest) -> bool:
    """Return True if the person came from "Check your answers", and will go back there."""
    return (request.POST.get("from") or request.GET.get("from")) == "check"


def step_context(request: HttpRequest, step: ReportStep) -> dict[str, Any]:
    """Return what the template of every step needs."""
    return {
        "step": step,
        "back": previous_url(request, step),
        "is_from_check": is_from_check(request),
    }


def next_url(request: HttpRequest, step: ReportStep) -> str:
    """Return where Continue leads."""
    return reverse("report-check") if is_from_check(request) else step.next_url()


def previous_url(request: HttpRequest, step: ReportStep) -> str:
    """Return where Back leads."""
    return reverse("report-check") if is_from_check(request) else step.previous_url()


def change_url(name: str) -> str:
    """Return the page with this URL name, from which the person goes back to their answers."""
    return f"{reverse(name)}?from=check"


def _alternative_fields(request: HttpRequest) -> dict[str, str]:
    """Return the date of "I know when", whatever was selected: a change of mind must keep it."""
    names = [f"on_{part}" for part in DATE_TIME_PARTS]
    return {
        name: request.POST[name].replace("\x00", REPLACEMENT_CHARACTER)
        for name in names
        if name in request.POST
    }
