"""After a report was sent: its reference, a passphrase to follow it with, and how to delete it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from bluelamp.casework.reports.rules import RECORD_WITHIN, TRIAGE_WITHIN
from bluelamp.casework.victims.commands import (
    choose_first_passphrase,
    confirm_report_address,
    send_address_code,
)
from bluelamp.casework.victims.lookups import ReportConfirmation, get_report_confirmation
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.web.actor import get_actor
from bluelamp.web.labels.helplines import HELPLINES, helpline_for
from bluelamp.web.public import drafts
from bluelamp.web.public.confirming import Confirmation, confirm_address
from bluelamp.web.public.drafts import SentReport
from bluelamp.web.public.rate_limits import limit_posts
from bluelamp.web.public.refused_forms import (
    delete_refused_form,
    get_refused_form,
    redirect_to_form,
)
from bluelamp.web.render import render

MAX_PASSPHRASES_AN_HOUR = 20


@require_http_methods(["GET", "POST"])
@limit_posts(MAX_PASSPHRASES_AN_HOUR, act="tracking.passphrase_chosen")
def done(request: HttpRequest) -> HttpResponse:
    """Show the reference of the report that was sent, and what happens next and by when.

    On POST choose a passphrase to follow it with.
    """
    sent = drafts.get_sent_report(request)
    if sent is None:
        return HttpResponseRedirect(reverse("report"))
    if request.method == "POST":
        return _choose_passphrase(request, sent)
    try:
        confirmation = _get_confirmation(request, sent)
    # The cookie may be there longer than the report.
    except NotFound:
        return HttpResponseRedirect(reverse("report"))
    context: dict[str, Any] = {
        "report_reference": confirmation.reference,
        "contact": confirmation.contact,
        "helpline": helpline_for(confirmation.kind),
        # "Do not touch anything" can't be followed by somebody who lives with whoever did it.
        "may_live_together": confirmation.kind in HELPLINES,
        "read_by": sent.at + TRIAGE_WITHIN,
        "decided_by": sent.at + RECORD_WITHIN,
        "was_sent_before": "already" in request.GET,
        **get_refused_form(request, reverse("report")),
    }
    return render(request, "public/report/done.html.jinja", context)


@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Ask for the code that confirms the address of whoever sent the report."""
    sent = drafts.get_sent_report(request)
    try:
        confirmation = _get_confirmation(request, sent) if sent else None
    # The cookie may be there longer than the report.
    except NotFound:
        confirmation = None
    if sent is None or confirmation is None:
        return HttpResponseRedirect(reverse("report"))
    actor, report_id = get_actor(request), sent.report_id
    contact = confirmation.contact
    return confirm_address(
        request,
        Confirmation(
            url=reverse("report-confirm"),
            done=reverse("report-done"),
            path=reverse("report"),
            layout="layouts/exit.html.jinja",
            reference=confirmation.reference,
            # Nobody is written to whom it is not safe to write to.
            kind=contact.message_kind if contact.is_safe_to_contact else "",
            masked_address=contact.masked_address,
            is_confirmed=contact.is_address_confirmed,
            send=lambda: send_address_code(actor=actor, report_id=report_id, at=now()),
            check=lambda code: confirm_report_address(
                actor=actor, report_id=report_id, code=code, at=now()
            ),
            send_act="tracking.confirmation_requested",
            check_act="tracking.address_confirmed",
        ),
    )


@require_http_methods(["GET", "POST"])
def forget(request: HttpRequest) -> HttpResponse:
    """Delete reports that were not sent, here and in the browser, and the reference of one sent."""
    if request.method == "GET":
        is_sent = not drafts.list_draft_cookies(request) and bool(drafts.get_sent_report(request))
        context = {"back": reverse("report-done" if is_sent else "report-check")}
        return render(request, "public/report/forget.html.jinja", context | {"is_sent": is_sent})
    drafts.delete_drafts(request)
    response = HttpResponseRedirect(reverse("home"))
    drafts.delete_cookies(response, drafts.DRAFT_COOKIE, drafts.KNOWN_COOKIE, drafts.SENT_COOKIE)
    return delete_refused_form(response, reverse("report"))


def _get_confirmation(request: HttpRequest, sent: SentReport) -> ReportConfirmation:
    """Return what to tell the browser that sent a report. Raises NotFound."""
    return get_report_confirmation(actor=get_actor(request), at=now(), report_id=sent.report_id)


def _choose_passphrase(request: HttpRequest, sent: SentReport) -> HttpResponse:
    url = reverse("report-done")
    try:
        choose_first_passphrase(
            actor=get_actor(request),
            at=now(),
            report_id=sent.report_id,
            passphrase=request.POST.get("passphrase", ""),
        )
    except Refused as refused:
        # What was typed is not kept: the cookie can be read on the device.
        return redirect_to_form(url, reverse("report"), errors=refused.errors)
    except Conflict as conflict:
        return redirect_to_form(url, reverse("report"), errors={"": conflict.message})
    return delete_refused_form(HttpResponseRedirect(url), reverse("report"))
