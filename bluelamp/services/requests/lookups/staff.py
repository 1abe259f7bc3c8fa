"""The desk's queue of requests, and one of them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.kernel.list_page import ListPage, choose_page, read_page
from bluelamp.services.requests.lookups.details import (
    EntryDetail,
    FileDetail,
    RequestDetail,
    list_newest_files,
    list_quotes,
    to_delivery_detail,
)
from bluelamp.services.requests.lookups.own import is_email_confirmed, read_payments
from bluelamp.services.requests.lookups.services import read_quotable_fees
from bluelamp.services.requests.models import InformationRequest
from bluelamp.services.requests.policy import request_policy
from bluelamp.services.requests.rules import QUOTABLE, RequestState, parse_reference

PAGE_SIZE = 25


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestRow:
    """A request in the queue."""

    reference: str
    service_title: str
    name: str
    state: str
    is_soft: bool
    received_at: datetime
    answer_due_on: date | None
    owner: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestPage(ListPage):
    """A page of the queue."""

    rows: tuple[RequestRow, ...]


@lookup(permission="request.view", act="request.queue_viewed")
def list_requests(
    *, actor: Actor, at: datetime, state: str = RequestState.OPEN, page: int = 1
) -> RequestPage:
    """Return requests of a state, those due first before the others; "" for every state."""
    requests = request_policy.queryset(actor)
    if state:
        requests = requests.filter(state=state)
    total = requests.count()
    page, pages = choose_page(page, total=total, size=PAGE_SIZE)
    due_first = (F("answer_due_on").asc(nulls_last=True), "received_at", "id")
    newest_first = ("-received_at", "-id")
    order = due_first if state == RequestState.OPEN else newest_first
    # Answers are large and no list needs them.
    requests = requests.select_related("owner").defer("answers")
    rows = read_page(requests, *order, page=page, size=PAGE_SIZE)
    record_act(None, detail={"state": state, "count": total})
    return RequestPage(
        rows=tuple(_to_row(request) for request in rows), total=total, page=page, pages=pages
    )


@lookup(permission="request.view", act="request.counted")
def count_requests(*, actor: Actor, at: datetime) -> dict[str, int]:
    """Return how many requests there are of each state."""
    counts = request_policy.queryset(actor).order_by().values_list("state").annotate(Count("id"))
    record_act(None)
    return dict(counts)


@lookup(permission="request.view", act="request.viewed")
def get_request(*, actor: Actor, at: datetime, reference: str) -> RequestDetail:
    """Return one request with its answers, files, links and payment.

    Raises:
        NotFound: There is no such request of the actor's force.
    """
    parsed = parse_reference(reference)
    if parsed is None:
        raise NotFound(request_policy.not_found)
    request = request_policy.get(actor, reference=parsed)
    record_act(request, ref=request.reference)
    return _to_detail(actor, request, on=london_date(at))


def _to_row(request: InformationRequest) -> RequestRow:
    return RequestRow(
        reference=request.reference,
        service_title=request.service_title,
        # In the queue anybody of the team could read over a shoulder.
        name="" if request.is_soft else request.name,
        state=request.state,
        is_soft=request.is_soft,
        received_at=request.received_at,
        answer_due_on=request.answer_due_on,
        owner=request.owner.display_name if request.owner else "",
    )


def _to_detail(actor: Actor, request: InformationRequest, *, on: date) -> RequestDetail:
    newest_files = list_newest_files(request)
    newest_ids = {file.item_id for file in newest_files}
    return RequestDetail(
        id=request.id,
        reference=request.reference,
        service_code=request.service_code,
        service_title=request.service_title,
        is_soft=request.is_soft,
        question_set=request.question_set,
        question_set_version=request.question_set_version,
        answers=request.answers,
        name=request.name,
        email=request.email,
        is_email_confirmed=is_email_confirmed(actor=actor, request=request),
        language=request.language,
        state=request.state,
        received_at=request.received_at,
        answer_due_on=request.answer_due_on,
        owner=request.owner.display_name if request.owner else "",
        owner_id=request.owner_id,
        closed_at=request.closed_at,
        refusal_reason=request.refusal_reason,
        entries=tuple(
            EntryDetail(act=entry.act, note=entry.note, at=entry.at, by=entry.by_name)
            for entry in request.entries.order_by("at", "id")
        ),
        files=tuple(
            FileDetail(
                item_id=file.item_id,
                filename=file.item.filename,
                size=file.item.blob.size,
                redaction_note=file.redaction_note,
                added_at=file.added_at,
                added_by=file.added_by_name,
                is_newest=file.item_id in newest_ids,
            )
            for file in request.files.select_related("item__blob").order_by("added_at", "id")
        ),
        deliveries=tuple(
            to_delivery_detail(row, files=len(newest_files), on=on)
            for row in request.deliveries.order_by("-sent_at")
        ),
        quotes=tuple(list_quotes(request)),
        quotable_fees=(
            read_quotable_fees(actor=actor, code=request.service_code, on=on)
            if request.state in QUOTABLE
            else ()
        ),
        payments=read_payments(actor, request.id),
    )
