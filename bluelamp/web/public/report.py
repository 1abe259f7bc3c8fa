"""The questions of the report that need nothing but their page."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_http_methods, require_safe

from bluelamp.casework.reports.rules import KINDS
from bluelamp.foundation.kernel.clock import LONDON, now
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.web.public import drafts, limits
from bluelamp.web.public.steps import (
    BY_SLUG,
    VEHICLE_KINDS,
    Step,
    place_of,
    problems,
    shown,
    step_after,
    step_before,
    typed_in,
)
from bluelamp.web.render import render

FRAUD = "fraud"
DRAFTS_AN_HOUR = 200


@require_http_methods(["GET", "POST"])
@limits.at_most(DRAFTS_AN_HOUR, act="report.draft_started")
def start(request: HttpRequest) -> HttpResponse:
    """Ask whether it is an emergency, and offer to carry on with what is not sent yet."""
    draft = drafts.read(request)
    page: dict[str, Any] = {
        "draft": draft if draft and (draft.answers or draft.item_ids) else None,
        "back": "/",
    }
    if request.method == "GET":
        return render(request, "public/report/start.html.jinja", page)
    emergency = request.POST.get("emergency", "")
    if emergency == "yes":
        return HttpResponseRedirect("/report/emergency/")
    if emergency != "no":
        page["errors"] = {
            "emergency": "Choose yes or no, so that help comes quickly where it is needed."
        }
        return render(request, "public/report/start.html.jinja", page)
    response = HttpResponseRedirect("/report/what/")
    if draft is not None and "anew" in request.POST:
        response.delete_cookie(drafts.COOKIE, path=drafts.PATH, samesite="Lax")
        return response
    return drafts.remember(response, drafts.open_draft(request))


@require_safe
def emergency(request: HttpRequest) -> HttpResponse:
    """Say how to get help now."""
    return render(request, "public/report/emergency.html.jinja", {"back": "/report/"})


@require_safe
def fraud(request: HttpRequest) -> HttpResponse:
    """Say where fraud is reported."""
    return render(request, "public/report/fraud.html.jinja", {"back": "/report/what/"})


@require_http_methods(["GET", "POST"])
def what(request: HttpRequest) -> HttpResponse:
    """Ask what kind of thing happened."""
    if request.method == "POST" and request.POST.get("kind") == FRAUD:
        return HttpResponseRedirect("/report/fraud/")
    return ask(request, BY_SLUG["what"], kinds=[(slug, said) for slug, (said, _) in KINDS.items()])


@require_http_methods(["GET", "POST"])
def when(request: HttpRequest) -> HttpResponse:
    """Ask when it happened: a time, two times, or not sure."""
    yesterday = now().astimezone(LONDON).date() - timedelta(days=1)
    return ask(
        request, BY_SLUG["when"], example=f"{yesterday.day} {yesterday.month} {yesterday.year}"
    )


@require_http_methods(["GET", "POST"])
def story(request: HttpRequest) -> HttpResponse:
    """Ask for the story in the person's own words, and a vehicle's registration where one may be
    concerned.
    """
    return ask(request, BY_SLUG["story"], vehicle_kinds=VEHICLE_KINDS)


@require_http_methods(["GET", "POST"])
def you(request: HttpRequest) -> HttpResponse:
    """Ask who is reporting, and how they were involved."""
    return ask(request, BY_SLUG["you"])


@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Ask how to reach the person, and whether that is safe."""
    return ask(request, BY_SLUG["contact"])


def ask(request: HttpRequest, step: Step, **page: Any) -> HttpResponse:
    """Show a step with what was typed before; on POST keep what was typed, then go on or show what
    is wrong.
    """
    template = f"public/report/{step.slug}.html.jinja"
    page |= page_of(request, step)
    if request.method == "GET":
        draft = drafts.read(request)
        answers = draft.answers if draft else {}
        return render(
            request, template, page | {"values": shown(step, answers), "answers": answers}
        )
    typed = typed_in(step, request.POST)
    held, answers, errors = keep_typed(request, step, typed)
    if errors:
        page |= {
            "errors": errors,
            "values": {**shown(step, {**answers, **typed}), **_posted_apart(request)},
        }
        response = render(request, template, page | {"answers": answers})
    else:
        response = HttpResponseRedirect(onward(request, step))
    return drafts.remember(response, held) if held else response


def keep_typed(
    request: HttpRequest, step: Step, typed: Mapping[str, str]
) -> tuple[drafts.Holder | None, dict[str, str], dict[str, str]]:
    """Keep what can be kept, right or wrong; return the draft, all its answers, and what is to be
    put right.
    """
    errors = problems(step, typed, at=now())
    storable = {
        name: text for name, text in typed.items() if "\x00" not in text and len(text) <= 20_000
    }
    try:
        held, draft = drafts.keep(request, storable)
    except Refused as refused:
        return None, dict(typed), {**refused.errors, **errors}
    return held, draft.answers, errors


def is_from_check(request: HttpRequest) -> bool:
    """Say whether the person came from the check of their answers, and goes back there."""
    return (request.POST.get("from") or request.GET.get("from")) == "check"


def page_of(request: HttpRequest, step: Step) -> dict[str, Any]:
    """Return what the page of every step says: which it is, how far along, and where Back leads."""
    return {
        "step": step,
        "step_place": place_of(step),
        "back": back_of(request, step),
        "to_check": is_from_check(request),
    }


def back_of(request: HttpRequest, step: Step) -> str:
    """Return where Back leads."""
    return "/report/check/" if is_from_check(request) else step_before(step.slug)


def onward(request: HttpRequest, step: Step) -> str:
    """Return where Continue leads."""
    return "/report/check/" if is_from_check(request) else step_after(step.slug)


def _posted_apart(request: HttpRequest) -> dict[str, str]:
    """Return the fields of the other way of saying when, so that a change of mind loses nothing
    typed.
    """
    names = [f"on_{part}" for part in ("day", "month", "year", "time")]
    return {
        name: request.POST[name].replace("\x00", "\ufffd") for name in names if name in request.POST
    }
