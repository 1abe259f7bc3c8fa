"""Requests for information: the queue, one of them, answering it, and what people can ask for."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from bluelamp.foundation.forms.lookups import get_question_set
from bluelamp.foundation.forms.rules import show_answers
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.problems import Problem
from bluelamp.foundation.payments.rules import MAX_QUANTITY, Charge
from bluelamp.services.requests import commands, lookups
from bluelamp.services.requests.rules import REFUSABLE, RequestState
from bluelamp.web.actor import get_actor, staff_required
from bluelamp.web.desk import labels
from bluelamp.web.desk.contexts import Tag, TimelineEntry
from bluelamp.web.desk.downloads import download_response
from bluelamp.web.desk.form_acts import run_form
from bluelamp.web.desk.forms import require_permission
from bluelamp.web.formats import format_date
from bluelamp.web.parsing import parse_date_field
from bluelamp.web.private_searches import encode_search
from bluelamp.web.render import render

QUANTITY = "quantity-"
"""What the name of a field for the number of a fee begins with."""
STATES = {
    RequestState.OPEN: Tag("To answer", "blue"),
    RequestState.AWAITING_QUOTE: Tag("To price", "blue"),
    RequestState.QUOTED: Tag("Price said", "grey"),
    RequestState.AWAITING_PAYMENT: Tag("Not paid", "grey"),
    RequestState.DELIVERED: Tag("Sent", "green"),
    RequestState.REFUSED: Tag("Refused", "grey"),
    RequestState.WITHDRAWN: Tag("Withdrawn", "grey"),
}
ACTS = {
    "made": "Asked for",
    "quoted": "Price said",
    "quote-accepted": "Price accepted",
    "withdrawn": "Withdrawn",
    "paid": "Paid",
    "taken-on": "Taken on",
    "file-added": "File added",
    "sent": "Sent",
    "sent-without-link": "Sent without a link: their email address is not confirmed",
    "downloaded": "Downloaded",
    "refused": "Refused",
}
SUCCESS_MESSAGES = {
    "taken-on": "This request is yours now",
    "file-added": "File added. Check it, then send it",
    "sent": "Sent. The link works for 30 days and 5 downloads of each file",
    "sent-without-link": (
        "Sent without a link. They enter a code to download it, for 30 days and 5 times each file"
    ),
    "refused": "Refused. We asked for the refund of what was paid",
    "quoted": "We told them the price. They accept it and pay, or withdraw",
    "service": "Saved",
}


@require_safe
@staff_required
def requests(request: HttpRequest) -> HttpResponse:
    """List requests of one state: those to answer, unless another is chosen."""
    state = request.GET.get("state", RequestState.OPEN)
    state = state if state in {item.value for item in RequestState} else RequestState.OPEN
    actor, at = get_actor(request), now()
    results = lookups.list_requests(
        actor=actor,
        at=at,
        state=state,
        page=labels.parse_page_number(request.GET.get("page", "")),
    )
    counts = lookups.count_requests(actor=actor, at=at)
    order = ", those due first" if state == RequestState.OPEN else ", the latest first"
    context = {
        "rows": [_request_row(row, at) for row in results.rows],
        "state": state,
        "options": [
            {
                "href": f"?state={item.value}",
                "text": tag.text,
                "count": counts.get(item.value, 0),
                "current": item == state,
            }
            for item, tag in STATES.items()
        ],
        "summary": labels.count_label(results.total, "request") + order,
        "page": labels.page_links(page=results.page, pages=results.pages),
        "query": "&" + encode_search({"state": state}),
        "may_edit": actor.may("request.edit_services"),
    }
    return render(request, "desk/requests.html.jinja", context)


@require_safe
@staff_required
def information_request(request: HttpRequest, reference: str) -> HttpResponse:
    """Show one request, and what can be done with it."""
    return _request_page(request, reference)


@require_POST
@staff_required
def take_on(request: HttpRequest, reference: str) -> HttpResponse:
    """Make a request one's own."""
    return _run_form(
        request,
        reference,
        lambda: commands.take_on_request(actor=get_actor(request), at=now(), reference=reference),
        done="taken-on",
    )


@require_POST
@staff_required
def add_file(request: HttpRequest, reference: str) -> HttpResponse:
    """Add a redacted copy."""
    upload = request.FILES.get("file")
    file = upload if isinstance(upload, UploadedFile) else None
    return _run_form(
        request,
        reference,
        lambda: commands.add_file(
            actor=get_actor(request),
            at=now(),
            reference=reference,
            filename=(file.name or "") if file else "",
            source=file,
            media_type=(file.content_type or "") if file else "",
            redaction_note=request.POST.get("redaction", ""),
        ),
        done="file-added",
    )


@require_safe
@staff_required
def open_file(request: HttpRequest, reference: str, item_id: UUID) -> HttpResponse | FileResponse:
    """Deliver a file that answers a request to whoever works on it."""
    try:
        opened = commands.open_file(
            actor=get_actor(request), at=now(), reference=reference, item_id=item_id
        )
    except Refused as refused:
        return _request_page(request, reference, errors=refused.errors)
    return download_response(opened.file, filename=opened.filename, size=opened.size)


@require_POST
@staff_required
def send(request: HttpRequest, reference: str) -> HttpResponse:
    """Send word that what was asked for is ready, with a link where the address is confirmed."""
    return _run_form(
        request,
        reference,
        lambda: commands.send_answer(actor=get_actor(request), at=now(), reference=reference),
        done="sent",
    )


@require_POST
@staff_required
def quote(request: HttpRequest, reference: str) -> HttpResponse:
    """Say what a request costs."""
    return _run_form(
        request,
        reference,
        lambda: commands.quote_request(
            actor=get_actor(request),
            at=now(),
            reference=reference,
            charges=_read_charges(request.POST),
            note=request.POST.get("quote_note", ""),
        ),
        done="quoted",
    )


def _read_charges(posted: QueryDict) -> list[Charge]:
    """Return how many of each fee were typed. Raises Refused for what is no number."""
    charges = []
    errors = []
    for name, text in posted.items():
        if not name.startswith(QUANTITY):
            continue
        text = str(text).strip()
        # Short first: Python refuses to read a number of thousands of digits.
        is_number = text.isascii() and text.isdigit() and len(text) < 5
        if text and not (is_number and int(text) <= MAX_QUANTITY):
            errors.append(Problem("requests.quantity_wrong", name, {"maximum": MAX_QUANTITY}))
        elif text:
            charges.append(Charge(name.removeprefix(QUANTITY), int(text)))
    if errors:
        raise Refused(errors=errors)
    return charges


@require_POST
@staff_required
def refuse(request: HttpRequest, reference: str) -> HttpResponse:
    """Refuse a request with a reason."""
    return _run_form(
        request,
        reference,
        lambda: commands.refuse_request(
            actor=get_actor(request),
            at=now(),
            reference=reference,
            reason=request.POST.get("reason", ""),
        ),
        done="refused",
    )


@require_safe
@staff_required
def services(request: HttpRequest) -> HttpResponse:
    """List what people can ask for, with the source of each and whether somebody checked it."""
    actor = get_actor(request)
    require_permission(actor, "request.edit_services")
    rows = [
        {
            "href": reverse("desk-request-service", kwargs={"code": service.code}),
            "title": service.title,
            "fee": service.fee_code,
            "offered": "Yes" if service.is_offered else "No",
            "confirmed": "Yes" if service.is_confirmed else "No: check it",
            "source": service.source,
        }
        for service in lookups.list_services(actor=actor, on=london_date(now()))
    ]
    context = {"rows": rows, "summary": labels.count_label(len(rows), "service")}
    return render(request, "desk/request_services.html.jinja", context)


@staff_required
def service(request: HttpRequest, code: str) -> HttpResponse:
    """Show one service with what it was before. On POST set it from a day on."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            _set_service(request, code)
            return redirect(
                f"{reverse('desk-request-service', kwargs={'code': code})}?done=service"
            )
        except Refused as refused:
            errors = refused.errors
    actor, at = get_actor(request), now()
    try:
        history = lookups.list_service_history(actor=actor, at=at, code=code)
        detail = lookups.get_service(actor=actor, code=code, on=london_date(at))
    except NotFound:
        raise Http404 from None
    fields = ("title", "who", "needed", "fee_code")
    values = {name: getattr(detail, name) for name in fields}
    values["offered"] = "yes" if detail.is_offered else "no"
    context = {
        "service": detail,
        "history": history,
        "values": request.POST if errors else values,
        "errors": errors,
        "done": SUCCESS_MESSAGES.get(request.GET.get("done", ""), ""),
    }
    status = 422 if errors else 200
    return render(request, "desk/request_service.html.jinja", context, status=status)


def _set_service(request: HttpRequest, code: str) -> None:
    day = parse_date_field(request.POST, field="from")
    if day is None:
        raise Refused("Enter the date from which this holds", field="from")
    posted = request.POST
    commands.set_service(
        actor=get_actor(request),
        at=now(),
        service=commands.NewService(
            code=code,
            valid_from=day,
            title=posted.get("title", ""),
            who=posted.get("who", ""),
            needed=posted.get("needed", ""),
            fee_code=posted.get("fee_code", "").strip(),
            is_offered=posted.get("offered") == "yes",
            source=posted.get("source", ""),
        ),
    )


def _request_page(
    request: HttpRequest, reference: str, errors: Mapping[str, str] | None = None
) -> HttpResponse:
    actor, at = get_actor(request), now()
    detail = lookups.get_request(actor=actor, at=at, reference=reference)
    question_set = get_question_set(detail.question_set, detail.question_set_version)
    may_answer = actor.may("request.fulfil") and detail.state == RequestState.OPEN
    context = {
        "request_detail": detail,
        "tag": STATES[RequestState(detail.state)],
        "sections": show_answers(
            question_set, detail.answers, today=london_date(detail.received_at)
        ),
        "entries": _timeline(detail),
        "may_answer": may_answer,
        "may_refuse": actor.may("request.fulfil") and detail.state in REFUSABLE,
        "quotable_fees": _quotable_fees(actor, detail),
        "may_send_again": actor.may("request.fulfil")
        and detail.state == RequestState.DELIVERED
        and not detail.is_soft,
        "is_own": detail.owner_id == actor.id and actor.id is not None,
        "values": request.POST,
        "errors": errors or {},
        "done": _success_message(request.GET.get("done", ""), detail),
        "may_see_payment": actor.may("payment.view"),
        "refund_waits": _is_refund_waiting(detail),
    }
    status = 422 if errors else 200
    return render(request, "desk/request.html.jinja", context, status=status)


def _success_message(done: str, detail: lookups.RequestDetail) -> str:
    """Return what a form did, "" where the page was just opened."""
    # To somebody who may be afraid we send nothing, and a free request has no refund.
    if done == "sent" and detail.is_soft:
        return "Recorded that they have the answer"
    if done == "sent" and detail.deliveries and not detail.deliveries[0].has_link:
        return SUCCESS_MESSAGES["sent-without-link"]
    if done == "refused" and not any(payment.paid_at for payment in detail.payments):
        return "Refused"
    return SUCCESS_MESSAGES.get(done, "")


def _is_refund_waiting(detail: lookups.RequestDetail) -> bool:
    """Say whether somebody else must still approve a refund."""
    refunds = [refund for payment in detail.payments for refund in payment.refunds]
    return any(refund.state == "requested" for refund in refunds)


def _quotable_fees(actor: Actor, detail: lookups.RequestDetail) -> list[dict[str, Any]]:
    """Return the fees of which this person can make a price now, with their fields' names."""
    if not actor.may("request.fulfil"):
        return []
    return [{"name": QUANTITY + fee.code, "fee": fee} for fee in detail.quotable_fees]


def _timeline(detail: lookups.RequestDetail) -> list[TimelineEntry]:
    """Return what happened, the latest first."""
    return [
        {
            "at": entry.at,
            "title": ACTS.get(entry.act, entry.act),
            # What the program does by itself nobody has done: the title says it all.
            "by": "" if entry.by == "requests" else entry.by,
            "text": entry.note,
        }
        for entry in reversed(detail.entries)
    ]


def _request_row(row: lookups.RequestRow, at: datetime) -> dict[str, Any]:
    is_late = bool(row.answer_due_on and row.answer_due_on < london_date(at))
    return {
        "href": reverse("desk-request", kwargs={"reference": row.reference}),
        "reference": row.reference,
        "title": row.service_title,
        "name": row.name or "Name hidden",
        "received": labels.short_time(row.received_at, at=at),
        "due": format_date(row.answer_due_on) if row.answer_due_on else "",
        "owner": row.owner,
        "is_overdue": is_late and row.state == RequestState.OPEN,
    }


def _run_form(
    request: HttpRequest, reference: str, run: Callable[[], object], *, done: str
) -> HttpResponse:
    return run_form(
        run,
        url=reverse("desk-request", kwargs={"reference": reference}),
        done=done,
        show_errors=lambda errors: _request_page(request, reference, errors),
    )
