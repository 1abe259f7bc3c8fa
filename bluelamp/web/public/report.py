"""The start of a report, and the steps that need nothing but their page."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bluelamp.casework.reports.rules import phone_warning
from bluelamp.foundation.kernel.clock import LONDON, now
from bluelamp.web.labels.people import CONTACT_METHODS
from bluelamp.web.labels.reports import REPORT_KINDS, REPORTER_ROLES
from bluelamp.web.public import drafts
from bluelamp.web.public.flow import ask_step
from bluelamp.web.public.rate_limits import limit_posts
from bluelamp.web.public.refused_forms import get_refused_form, redirect_to_form
from bluelamp.web.public.steps import CONTACT, STORY, WHAT, WHEN, YOU
from bluelamp.web.render import render

FRAUD = "fraud"


@require_http_methods(["GET", "POST"])
@limit_posts(drafts.MAX_DRAFTS_AN_HOUR, act="report.draft_started")
def start(request: HttpRequest) -> HttpResponse:
    """Ask whether it is an emergency, and offer to continue a report that was not sent."""
    draft = drafts.get_draft(request)
    has_answers = draft is not None and bool(draft.answers or draft.item_ids)
    context: dict[str, Any] = {"has_unsent_report": has_answers, "back": reverse("home")}
    if request.method == "GET":
        context |= get_refused_form(request, reverse("report"))
        return render(request, "public/report/start.html.jinja", context)
    emergency = request.POST.get("emergency", "")
    if emergency == "yes":
        return HttpResponseRedirect(reverse("report-emergency"))
    if emergency != "no":
        errors = {
            "emergency": _("Select yes if someone is in danger or the crime is happening now")
        }
        return redirect_to_form(reverse("report"), reverse("report"), errors=errors)
    # The earlier draft stays in the cookie: a tab that still shows it saves to it.
    is_anew = draft is not None and "anew" in request.POST
    cookie = drafts.start_draft(request) if is_anew else drafts.get_or_start_draft(request)
    return drafts.set_draft_cookie(request, HttpResponseRedirect(WHAT.url), cookie)


@require_safe
def emergency(request: HttpRequest) -> HttpResponse:
    """Show how to get help now."""
    context = {"back": reverse("report")}
    return render(request, "public/report/emergency.html.jinja", context)


@require_safe
def fraud(request: HttpRequest) -> HttpResponse:
    """Show where to report fraud."""
    return render(request, "public/report/fraud.html.jinja", {"back": WHAT.url})


@require_http_methods(["GET", "POST"])
def what(request: HttpRequest) -> HttpResponse:
    """Ask what kind of crime it was."""
    if request.method == "POST" and request.POST.get("kind") == FRAUD:
        return HttpResponseRedirect(reverse("report-fraud"))
    return ask_step(request, WHAT, kinds=list(REPORT_KINDS.items()))


@require_http_methods(["GET", "POST"])
def when(request: HttpRequest) -> HttpResponse:
    """Ask when it happened: a date and time, between two of them, or not sure."""
    yesterday = now().astimezone(LONDON).date() - timedelta(days=1)
    return ask_step(request, WHEN, example=f"{yesterday.day} {yesterday.month} {yesterday.year}")


@require_http_methods(["GET", "POST"])
def story(request: HttpRequest) -> HttpResponse:
    """Ask what happened in the person's own words."""
    return ask_step(request, STORY)


@require_http_methods(["GET", "POST"])
def you(request: HttpRequest) -> HttpResponse:
    """Ask who is reporting, and how they were involved."""
    return ask_step(request, YOU, roles=list(REPORTER_ROLES.items()))


@require_http_methods(["GET", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """Ask how to contact the person, and whether that is safe."""
    draft = drafts.get_draft(request) if request.method == "GET" else None
    answers = draft.answers if draft else {}
    warning = phone_warning(phone=answers.get("phone", ""), email=answers.get("email", ""))
    return ask_step(
        request,
        CONTACT,
        contact_methods=list(CONTACT_METHODS.items()),
        warning=warning.text if warning else "",
    )
