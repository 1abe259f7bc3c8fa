"""Make a request from a form that was filled in, and start work once it is paid."""

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.forms.commands import delete_form_draft
from bluelamp.foundation.forms.lookups import FormDraftDetail, get_form_draft
from bluelamp.foundation.forms.rules import read_answers
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date, now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.events.outbox import subscribe
from bluelamp.foundation.kernel.jobs.queues import Queue
from bluelamp.foundation.kernel.series import take_serial
from bluelamp.foundation.notifications.languages import page_address
from bluelamp.foundation.notifications.rules import require_language
from bluelamp.foundation.payments.commands import (
    Requester,
    request_all_refunds,
    request_payment,
)
from bluelamp.foundation.payments.events import PaymentPaid
from bluelamp.foundation.payments.lookups import is_settled
from bluelamp.foundation.payments.rules import Charge
from bluelamp.services.requests.commands.entries import (
    add_entry,
    system_actor,
    write_to_requester,
)
from bluelamp.services.requests.lookups.services import ServiceOffer, get_service_offer
from bluelamp.services.requests.models import InformationRequest
from bluelamp.services.requests.rules import (
    PAYABLE_KIND,
    RequestState,
    Service,
    answer_due_on,
    format_reference,
    quote_occasion,
)


@command(permission="request.make", act="request.made", category=Category.COLLECTION)
def make_request(
    *,
    actor: Actor,
    at: datetime,
    draft_id: UUID,
    secret: str,
    return_path: str,
    language: str = "en",
) -> UUID:
    """Make a request from a filled-in form, and ask for the fee where there is one.

    Sent twice, it is one request, which has the form's id. A service that is free is open at once;
    any other when it is paid. One whose price must be counted waits for staff to say it.

    Args:
        actor: Who asks.
        at: The time.
        draft_id: The form. Its subject is the service's code.
        secret: What opens it.
        return_path: Where paying leads back to.
        language: Of our messages, "en" or "cy": that of the page it is sent from.

    Returns:
        The id of the request.

    Raises:
        NotFound: There is no such form, or the service is not offered any more.
        Refused: An answer is missing or wrong, or the fee cannot be charged.
    """
    sent = InformationRequest.objects.filter(id=draft_id, force=actor.force).first()
    # The second of two clicks, or a page that was loaded again after its answer was lost.
    if sent is not None:
        record_act(sent, ref=sent.reference, detail={"again": True})
        return sent.id
    draft = get_form_draft(actor=actor, at=at, draft_id=draft_id, secret=secret)
    offer = get_service_offer(actor=actor, code=draft.subject, on=london_date(at))
    if not offer.can_be_paid:
        raise Refused("requests.fee_not_confirmed", field="fee")
    request = _create_request(
        actor, at, draft, offer.service, state=_first_state(offer), language=language
    )
    add_entry(request, actor=actor, at=at, act="made")
    if request.state == RequestState.AWAITING_PAYMENT:
        request_payment(
            actor=actor,
            at=at,
            payable_kind=PAYABLE_KIND,
            payable_id=request.id,
            payable_reference=request.reference,
            occasion="fee",
            charges=[Charge(offer.service.fee_code)],
            description=request.service_title,
            email=request.email,
            language=request.language,
            return_path=return_path,
        )
    # Last: until the request is there, the form is all that there is of it.
    delete_form_draft(actor=actor, at=at, draft_id=draft_id, secret=secret)
    write_to_requester(
        request,
        at=at,
        template="request-received",
        occasion="request received",
        placeholders={"link": page_address("requests-track", language=request.language)},
    )
    record_act(request, ref=request.reference, detail={"service": request.service_code})
    return request.id


@command(permission="request.start", act="request.opened")
def start_paid_request(
    *, actor: Actor, at: datetime, request_id: UUID, occasion: str = "fee"
) -> None:
    """Put a request in the desk's queue once its fee is settled. A second time changes nothing.

    `occasion` is which of its payments was made: the fee, or the price of a quote.

    Raises:
        NotFound: There is no such request.
        Refused: It is not paid: whoever says so, only the payment itself counts.
    """
    request = InformationRequest.objects.select_for_update().filter(id=request_id).first()
    if request is None:
        raise NotFound("There is no such request.")
    if request.state == RequestState.AWAITING_PAYMENT and occasion == _awaited_occasion(request):
        # An event only says that something happened. The payment says what.
        if not is_settled(
            actor=actor, payable_kind=PAYABLE_KIND, payable_id=request.id, occasion=occasion
        ):
            raise Refused("requests.not_paid")
        request.state = RequestState.OPEN
        request.save(update_fields=["state"])
        add_entry(request, actor=actor, at=at, act="paid")
    elif request.state in {RequestState.REFUSED, RequestState.WITHDRAWN}:
        refusal = request.entries.filter(act="refused").first()
        request_all_refunds(
            actor=actor,
            at=at,
            payable_kind=PAYABLE_KIND,
            payable_id=request.id,
            reason=f"Request {request.reference} was {request.state}",
            # Whoever refuses must not send the money back alone.
            requester=Requester(id=refusal.by_id, name=refusal.by_name) if refusal else None,
        )
    record_act(request, ref=request.reference)


@subscribe(PaymentPaid, name="requests.start_paid_request", queue=Queue.WAITED_FOR)
def start_request_of_payment(event: PaymentPaid) -> None:
    """Open the request that was paid for."""
    if event.payable_kind == PAYABLE_KIND:
        start_paid_request(
            actor=system_actor(event.force),
            at=now(),
            request_id=event.payable_id,
            occasion=event.occasion,
        )


def _first_state(offer: ServiceOffer) -> RequestState:
    if offer.is_free:
        return RequestState.OPEN
    is_quoted = offer.service.is_quoted
    return RequestState.AWAITING_QUOTE if is_quoted else RequestState.AWAITING_PAYMENT


def _awaited_occasion(request: InformationRequest) -> str:
    """Return which payment a request waits for: that of the accepted quote, or its fee."""
    quotes = request.quotes.count()
    return quote_occasion(quotes) if quotes else "fee"


def _create_request(
    actor: Actor,
    at: datetime,
    draft: FormDraftDetail,
    service: Service,
    *,
    state: RequestState,
    language: str,
) -> InformationRequest:
    answers = read_answers(draft.question_set, draft.texts, at=at)
    if answers.problems:
        raise Refused("requests.answers_wrong", field="answers")
    values = answers.all_values
    received_on = london_date(at)
    # Last: others who ask at this moment wait for the series.
    serial = take_serial(kind="information-request", force=actor.force, year=received_on.year)
    return InformationRequest.objects.create(
        id=draft.id,
        force=actor.force,
        reference=format_reference(received_on.year, serial),
        service_code=service.code,
        service_title=service.title,
        is_soft=service.is_soft,
        question_set=draft.question_set.name,
        question_set_version=draft.question_set.version,
        answers=values,
        name=str(values.get("name", ""))[:200],
        # Not even stored: no message can go to somebody whose post another person reads.
        email="" if service.is_soft else str(values.get("email", ""))[:254],
        language=require_language(language),
        state=state,
        received_at=at,
        answer_due_on=answer_due_on(service.clock, received_on=received_on),
    )
