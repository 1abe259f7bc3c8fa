"""The start of a report, and the pages that need nothing but their questions."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.web.public import drafts
from bluelamp.web.public.flow import ask_step, find_step, is_storable, report_form
from bluelamp.web.public.rate_limits import limit_posts
from bluelamp.web.public.refused_forms import get_refused_form, redirect_to_form
from bluelamp.web.render import render


@require_http_methods(["GET", "POST"])
@limit_posts(drafts.MAX_DRAFTS_AN_HOUR, act="report.draft_started")
def start(request: HttpRequest) -> HttpResponse:
    """Ask whether it is an emergency, and offer to continue a report that was not sent."""
    draft = drafts.get_draft(request)
    context: dict[str, Any] = {
        "has_unsent_report": draft is not None and draft.has_own_answers,
        "is_filled_in": draft is not None and bool(draft.sources),
        "back": reverse("home"),
    }
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
    return drafts.set_draft_cookie(request, HttpResponseRedirect(_first_page()), cookie)


@require_safe
def emergency(request: HttpRequest) -> HttpResponse:
    """Show how to get help now."""
    return render(request, "public/report/emergency.html.jinja", {"back": reverse("report")})


@require_safe
def fraud(request: HttpRequest) -> HttpResponse:
    """Show where to report fraud."""
    return render(request, "public/report/fraud.html.jinja", {"back": _first_page()})


@require_http_methods(["GET", "POST"])
def ask_page(request: HttpRequest, page_id: str) -> HttpResponse:
    """Ask the questions of one page of the report."""
    yesterday = london_date(now()) - timedelta(days=1)
    example = f"{yesterday.day} {yesterday.month} {yesterday.year}"
    extras = {
        "when": {
            "example": example,
            "earliest_hint": _(
                "For example, when you last saw it undamaged or when you went out: %(date)s"
            )
            % {"date": example},
            "time_hint": _(
                "For example, 2:30pm or 14:30. If you’re not sure, give your best guess."
            ),
            "unsure_hint": _("You can tell us what you know on the next page"),
        }
    }
    return ask_step(request, page_id, template="public/report/page.html.jinja", extras=extras)


@require_POST
def save_page(request: HttpRequest, page_id: str) -> HttpResponse:
    """Save what is typed on a page so far, for its script. Nothing is checked."""
    draft = drafts.get_draft(request)
    # A draft that has expired, or was sent, is not begun again by a script.
    if draft is None:
        raise NotFound("There is no such draft")
    posted = find_step(report_form(draft), page_id).posted_answers(request.POST)
    drafts.save_answers(request, {name: text for name, text in posted.items() if is_storable(text)})
    return HttpResponse(status=204)


def _first_page() -> str:
    return report_form(None).steps[0].url
