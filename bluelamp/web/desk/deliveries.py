"""Messages that did not arrive, and updates inside the system that failed."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from bluelamp.casework.encounters.rules import parse_encounter_reference
from bluelamp.casework.reports.rules import parse_reference
from bluelamp.foundation.audit.commands import retry_failed_delivery
from bluelamp.foundation.audit.lookups import list_failed_deliveries
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.kernel.list_page import count_pages
from bluelamp.foundation.notifications.commands import mark_message_dealt_with
from bluelamp.foundation.notifications.lookups import (
    UndeliveredMessageRow,
    list_undelivered_messages,
)
from bluelamp.records.reference.rules import parse_crime_number
from bluelamp.services.firearms.rules.saved import (
    parse_reference as parse_licensing_reference,
)
from bluelamp.services.requests.rules import parse_reference as parse_request_reference
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import labels
from bluelamp.web.desk.message_states import REASON_LABELS
from bluelamp.web.private_searches import encode_search
from bluelamp.web.render import render

PAGE_SIZE = 25
TEMPLATE_LABELS = {
    "case-update": "Case update",
    "certificate-ends": "Reminder that a certificate ends",
    "contact-changed": "Notice to an address that was replaced",
    "contact-stopped": "No longer safe to contact",
    "crime-recorded": "Crime number",
    "firearms-news": "News of an application or certificate",
    "firearms-received": "Confirmation of a firearms application",
    "firearms-saved": "Reference of a saved firearms application",
    "licence-ends": "Reminder that a permit or dealer’s certificate ends",
    "letter-from-pdf": "Notice of a decision",
    "one-time-code": "One-time code",
    "payment-not-finished": "Payment not finished",
    "payment-received": "Receipt",
    "payment-refunded": "Refund",
    "record-copy": "Link to the record of a search or stop",
    "referee-request": "Link for a referee",
    "report-received": "Confirmation of a report",
    "request-quoted": "Price of what somebody asked for",
    "request-ready": "Link to what somebody asked for",
    "request-ready-no-link": "News that what somebody asked for is ready",
    "request-received": "Confirmation of a request",
    "request-refused": "Refusal of a request",
    "statement-copy": "Link to a copy of a statement",
    "sign-in-changed": "Change of how somebody signs in",
}
"""What each message is called. A test holds this list to the templates."""
SUBSCRIBER_LABELS = {
    "crimes.void_wiped_numbers": "Withdraw the crime numbers of a wiped phone",
    "firearms.inform_of_certificate": "Tell someone that their certificate was issued",
    "firearms.inform_of_decision": "Tell someone that their application is decided",
    "firearms.inform_of_end": "Tell someone that their certificate has ended",
    "firearms.note_payment": "Note that the fee of an application was paid",
    "firearms.note_refund": "Ask for a fee again that was refunded",
    "firearms.request_waiting_fees": "Ask for fees whose amount was confirmed",
    "firearms.tell_old_contact": "Tell someone’s former address that it was replaced",
    "firearms.vet_crime": "Look for certificate holders in a crime",
    "firearms.vet_encounter": "Look for certificate holders in an encounter",
    "firearms.vet_link": "Look for certificate holders among the people of a crime",
    "firearms.vet_report": "Look for certificate holders in a report",
    "notifications.list_undelivered": "List a message that did not arrive",
    "notifications.send_sign_in_notice": "Tell someone that how they sign in has changed",
    "receipts.remind_of_payment": "Tell someone that they did not finish paying",
    "receipts.send_receipt": "Send a receipt",
    "receipts.send_refund_notice": "Tell someone about their refund",
    "requests.start_paid_request": "Put a request that is paid in the queue",
    "victims.confirm_report": "Confirm a report to the person who made it",
    "victims.send_crime_number": "Send a crime number",
    "victims.send_not_crime": "Tell someone that their report is not a crime",
    "victims.send_officer_allocated": "Tell someone who is dealing with their case",
    "victims.send_statement_copy": "Send the maker of a statement the copy they asked for",
    "victims.send_suspect_charged": "Tell someone that a suspect was charged",
    "victims.tell_old_contact": "Tell a victim’s former address that it was replaced",
}
"""What each subscriber to an event does. A test holds this list to the subscribers in the code."""
SUCCESS_MESSAGES = {"dealt-with": "Marked as dealt with", "retried": "We're trying again"}


@require_safe
@staff_required
def undelivered(request: HttpRequest) -> HttpResponse:
    """List messages that did not arrive: those to deal with, or those dealt with."""
    return _undelivered_page(request)


@require_POST
@staff_required
def mark_dealt_with(request: HttpRequest, undelivered_id: UUID) -> HttpResponse:
    """Record that somebody dealt with a message that did not arrive."""
    try:
        mark_message_dealt_with(
            actor=get_actor(request),
            at=now(),
            undelivered_id=undelivered_id,
            note=request.POST.get("note", ""),
        )
    except Refused as refused:
        # Each message has a form of its own: the error belongs to this one's field.
        field = f"note-{undelivered_id}"
        errors = {field: refused.message}
        return _undelivered_page(request, errors=errors, values={field: request.POST["note"]})
    return redirect(f"{reverse('desk-undelivered')}?done=dealt-with")


@require_safe
@staff_required
def failed_deliveries(request: HttpRequest) -> HttpResponse:
    """List updates inside the system that failed, which nothing tries again by itself."""
    at = now()
    deliveries = list_failed_deliveries(actor=get_actor(request), at=at)
    context = {
        "rows": [
            {
                "id": delivery.id,
                "task": SUBSCRIBER_LABELS.get(delivery.subscriber, delivery.subscriber),
                "event": delivery.event,
                "attempts": delivery.attempts,
                "error": delivery.last_error,
                "started": labels.short_time(delivery.published_at, at=at),
                "last_attempt": labels.short_time(delivery.last_attempt_at, at=at)
                if delivery.last_attempt_at
                else "",
            }
            for delivery in deliveries
        ],
        "done": SUCCESS_MESSAGES.get(request.GET.get("done", ""), ""),
    }
    return render(request, "desk/failed_deliveries.html.jinja", context)


@require_POST
@staff_required
def retry(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """Try a failed update again."""
    try:
        retry_failed_delivery(actor=get_actor(request), at=now(), delivery_id=delivery_id)
    except Conflict:
        # Somebody else was quicker, and it is being tried already: the list shows what is left.
        return redirect("desk-failed-deliveries")
    return redirect(f"{reverse('desk-failed-deliveries')}?done=retried")


def _undelivered_page(
    request: HttpRequest,
    *,
    errors: dict[str, str] | None = None,
    values: dict[str, str] | None = None,
) -> HttpResponse:
    is_dealt_with = request.GET.get("state", "") == "dealt-with"
    page = labels.parse_page_number(request.GET.get("page", ""))
    results = list_undelivered_messages(
        actor=get_actor(request),
        at=now(),
        is_dealt_with=is_dealt_with,
        offset=(page - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
    )
    pages = count_pages(results.total, size=PAGE_SIZE)
    count = labels.count_label(results.total, "message")
    context = {
        "rows": [_message_row(message) for message in results.messages],
        "summary": f"{count} dealt with" if is_dealt_with else f"{count} to deal with",
        "is_dealt_with": is_dealt_with,
        "total": results.total,
        "page": labels.page_links(page=page, pages=pages),
        "query": "&" + encode_search({"state": "dealt-with"}) if is_dealt_with else "",
        "values": values or {},
        "errors": errors or {},
        "done": SUCCESS_MESSAGES.get(request.GET.get("done", ""), ""),
    }
    return render(request, "desk/undelivered.html.jinja", context)


def _message_row(message: UndeliveredMessageRow) -> dict[str, Any]:
    return {
        "id": message.id,
        "title": TEMPLATE_LABELS.get(message.template, message.template),
        "to": message.to,
        "kind": message.kind,
        "reference": message.reference,
        "href": _reference_url(message.reference),
        "reason": REASON_LABELS.get(message.reason, message.reason),
        "failed_at": message.failed_at,
        "dealt_with_at": message.dealt_with_at,
        "dealt_with_by": message.dealt_with_by,
        "note": message.note,
    }


def _reference_url(reference: str) -> str:
    """Return the page at the desk of what a message was about, or ""."""
    if parse_reference(reference):
        return reverse("desk-report", kwargs={"reference": reference})
    if parse_crime_number(reference):
        return reverse("desk-crime", kwargs={"number": reference})
    if parse_encounter_reference(reference):
        return reverse("desk-encounter", kwargs={"reference": reference})
    if parse_request_reference(reference):
        return reverse("desk-request", kwargs={"reference": reference})
    licensing = parse_licensing_reference(reference)
    if licensing.startswith("FL/"):
        return reverse("desk-firearms-application", kwargs={"reference": licensing})
    # One that begins with FA is not sent yet, and nobody at the desk has a page of it.
    if licensing and not licensing.startswith("FA-"):
        return reverse("desk-firearms-certificate", kwargs={"number": licensing})
    return ""
