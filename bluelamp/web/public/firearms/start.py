"""What applicants need, how long it takes now, what to apply for, and the page after sending."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.services.firearms.commands.starting import StartedApplication, start_application
from bluelamp.services.firearms.lookups.addresses import get_own_address
from bluelamp.services.firearms.lookups.progress import get_confirmation, measure_stages
from bluelamp.services.firearms.messages import (
    KIND_HINTS,
    KIND_TITLES,
    MISSING_TITLES,
    STAGE_TITLES,
)
from bluelamp.services.firearms.rules.stages import OPEN_STAGES
from bluelamp.services.firearms.rules.submitting import QUESTION_SETS
from bluelamp.web.actor import get_actor
from bluelamp.web.languages import active_language
from bluelamp.web.public.firearms import cookies
from bluelamp.web.public.rate_limits import limit_posts
from bluelamp.web.public.refused_forms import get_refused_form, redirect_to_form
from bluelamp.web.render import render

MAX_STARTED_AN_HOUR = 60
LEAST_TO_MEASURE = 5
"""Of fewer applications a middle time says little, and could say whose it was."""


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Show what is needed and how long it takes now."""
    context = {
        "times": list_times(request),
        "has_draft": cookies.get_draft(request) is not None,
        "back": reverse("home"),
    }
    return render(request, "public/firearms/start.html.jinja", context)


@require_http_methods(["GET", "POST"])
@limit_posts(MAX_STARTED_AN_HOUR, act="firearms.begun")
def choose_kind(request: HttpRequest) -> HttpResponse:
    """Ask what to apply for and where to send the reference to come back with."""
    url = reverse("firearms-apply")
    # A renewal begins with the certificate that it is of, under "My licences".
    kinds = [kind for kind in QUESTION_SETS if kind != "renewal"]
    if request.method == "GET":
        context: dict[str, Any] = {
            "kinds": [
                {"value": kind, "text": KIND_TITLES[kind], "hint": str(KIND_HINTS[kind])}
                for kind in kinds
            ],
            "back": reverse("firearms"),
            **get_refused_form(request, reverse("firearms")),
        }
        return render(request, "public/firearms/apply.html.jinja", context)
    kind, email = request.POST.get("kind", ""), request.POST.get("email", "")
    errors = {} if kind in kinds else {"kind": _("Select what you want to apply for")}
    try:
        if not errors:
            started = start_application(
                actor=get_actor(request),
                at=now(),
                kind=kind,
                email=email,
                language=active_language(),
            )
            return go_to_form(started)
    except Refused as refused:
        errors = refused.errors
    values = {"kind": kind, "email": email}
    return redirect_to_form(url, reverse("firearms"), errors=errors, values=values)


def go_to_form(started: StartedApplication) -> HttpResponse:
    """Return a redirect to the tasks of a draft, which becomes the browser's own."""
    # In a signed cookie: only this browser opens the draft without a code.
    text = f"{started.draft_id} {started.secret} {started.reference}"
    return cookies.set_cookie(HttpResponseRedirect(reverse("firearms-form")), cookies.DRAFT, text)


@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """Show the reference of an application that was sent, what to pay, and what happens next."""
    application_id = cookies.get_id(request, cookies.SENT)
    if application_id is None:
        return HttpResponseRedirect(reverse("firearms-my"))
    try:
        progress = get_confirmation(
            actor=get_actor(request), at=now(), application_id=application_id
        )
        address = get_own_address(actor=get_actor(request), at=now(), application_id=application_id)
    except NotFound:
        return HttpResponseRedirect(reverse("firearms"))
    context = {
        "progress": progress,
        "address": address,
        "payment": progress.payments[0] if progress.payments else None,
        # The page can be opened again later, when there is nothing to pay for any more.
        "is_open": progress.stage in OPEN_STAGES,
        "missing": [MISSING_TITLES[code] for code in progress.missing],
        "back": "",
    }
    return render(request, "public/firearms/done.html.jinja", context)


def list_times(request: HttpRequest) -> list[dict[str, Any]]:
    """Return how long each stage took lately, of those that enough applications went through."""
    times = measure_stages(actor=get_actor(request), at=now())
    return [
        {
            "stage": row.stage,
            "title": STAGE_TITLES[row.stage],
            # Half a day rounds down, and "0 days" would promise too much.
            "days": max(1, round(row.median_days)),
            "count": row.count,
        }
        for stage in STAGE_TITLES
        for row in times
        if row.stage == stage and row.count >= LEAST_TO_MEASURE
    ]
