"""Say what a request costs before it is paid; the person accepts the price, or withdraws.

For what is charged by the page or the piece: how much there is, somebody must look up first.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.foundation.notifications.languages import page_address
from bluelamp.foundation.payments.commands import (
    price_charges,
    request_all_refunds,
    request_payment,
)
from bluelamp.foundation.payments.lookups import PaymentDetail
from bluelamp.foundation.payments.rules import Charge
from bluelamp.services.requests.commands.entries import add_entry, system_actor, write_to_requester
from bluelamp.services.requests.lookups.own import find_request_of_session
from bluelamp.services.requests.lookups.services import get_service
from bluelamp.services.requests.models import InformationRequest, RequestQuote
from bluelamp.services.requests.policy import request_policy
from bluelamp.services.requests.rules import (
    PAYABLE_KIND,
    QUOTABLE,
    RequestState,
    parse_reference,
    quote_occasion,
)

MAX_NOTE_LENGTH = 2_000
WITHDRAWABLE = frozenset({RequestState.AWAITING_QUOTE, RequestState.QUOTED})


@command(permission="request.fulfil", act="request.quoted")
def quote_request(
    *, actor: Actor, at: datetime, reference: str, charges: Sequence[Charge], note: str = ""
) -> None:
    """Tell the person what their request costs. Nothing is asked for until they accept it.

    Args:
        actor: The member of staff, who counted the pages.
        at: The time, whose day decides what the fees are.
        reference: That of the request.
        charges: How many of which fee; those of none are left out.
        note: What the person reads beside the price.

    Raises:
        NotFound: There is no such request.
        Refused: It is closed or waits to be paid, nothing is counted, or a fee is not one of the
            service's or not confirmed.
    """
    request = request_policy.get(actor, lock=True, reference=parse_reference(reference) or "")
    service = get_service(actor=actor, code=request.service_code, on=london_date(at))
    counted = [charge for charge in charges if charge.quantity]
    if request.state not in QUOTABLE or not service.quoted_fee_codes:
        raise Refused("requests.cannot_be_quoted")
    if not {charge.fee_code for charge in counted} <= set(service.quoted_fee_codes):
        raise Refused("requests.fee_unknown", field="quantity")
    if not counted:
        raise Refused("requests.quantity_missing", field="quantity")
    text = clean_text(
        note, max_length=MAX_NOTE_LENGTH, field="quote_note", label="requests.quote_note_label"
    )
    lines = price_charges(actor=actor, on=london_date(at), charges=counted)
    total = sum(line.net_pence + line.vat_pence for line in lines)
    if not total:
        raise Refused("requests.quote_of_nothing", field="quantity")
    quote = RequestQuote.objects.create(
        request=request,
        number=request.quotes.count() + 1,
        lines=[
            {
                "fee_code": line.fee_code,
                "title": line.title,
                "quantity": line.quantity,
                "net_pence": line.net_pence,
                "vat_pence": line.vat_pence,
            }
            for line in lines
        ],
        total_pence=total,
        note=text,
        quoted_at=at,
        quoted_by_id=actor.id,
        quoted_by_name=actor.name[:200],
    )
    request.state = RequestState.QUOTED
    request.owner_id = request.owner_id or actor.id
    request.save(update_fields=["state", "owner"])
    add_entry(request, actor=actor, at=at, act="quoted", note=text)
    write_to_requester(
        request,
        at=at,
        template="request-quoted",
        occasion=f"request quoted {quote.number}",
        placeholders={"link": page_address("requests-track", language=request.language)},
    )
    record_act(request, ref=request.reference, detail={"total_pence": quote.total_pence})


@command(permission="request.track", act="request.quote_accepted")
def accept_quote(
    *, actor: Actor, at: datetime, session_id: UUID, number: int, return_path: str
) -> PaymentDetail:
    """Accept the price of one's own request, and ask for the payment. Twice, it is one payment.

    Args:
        actor: Who asked.
        at: The time.
        session_id: What a one-time code opened.
        number: The quote that they read: there may be another one meanwhile.
        return_path: Where paying leads back to.

    Raises:
        NotFound: The session has ended.
        Refused: The price has changed, or there is nothing to accept.
    """
    request = _lock_own(actor, at, session_id)
    quote = request.quotes.order_by("-number").first()
    can_be_accepted = request.state in {RequestState.QUOTED, RequestState.AWAITING_PAYMENT}
    if quote is None or not can_be_accepted:
        raise Refused("requests.nothing_to_accept")
    if quote.number != number:
        raise Refused("requests.quote_changed")
    payment = request_payment(
        actor=system_actor(request.force),
        at=at,
        payable_kind=PAYABLE_KIND,
        payable_id=request.id,
        payable_reference=request.reference,
        occasion=quote_occasion(quote.number),
        charges=[Charge(line["fee_code"], line["quantity"]) for line in quote.lines],
        description=request.service_title,
        email=request.email,
        language=request.language,
        return_path=return_path,
        # What was said holds, whatever the fees are since.
        fees_on=london_date(quote.quoted_at),
    )
    # Unless somebody corrected the fee of that day. Then staff say the price again.
    if payment.total_pence != quote.total_pence:
        raise Refused("requests.quote_changed")
    if request.state == RequestState.QUOTED:
        request.state = RequestState.AWAITING_PAYMENT
        request.save(update_fields=["state"])
        add_entry(request, actor=actor, at=at, act="quote-accepted")
    record_act(request, ref=request.reference, detail={"total_pence": quote.total_pence})
    return payment


@command(permission="request.track", act="request.withdrawn")
def withdraw_request(*, actor: Actor, at: datetime, session_id: UUID) -> None:
    """Withdraw one's own request instead of accepting its price.

    What was paid for it before is asked back, and another person approves that. A second time
    changes nothing.

    Raises:
        NotFound: The session has ended.
        Refused: The price is accepted, or the request is closed.
    """
    request = _lock_own(actor, at, session_id)
    if request.state != RequestState.WITHDRAWN:
        if request.state not in WITHDRAWABLE:
            raise Refused("requests.cannot_be_withdrawn")
        request.state = RequestState.WITHDRAWN
        request.closed_at = at
        request.save(update_fields=["state", "closed_at"])
        add_entry(request, actor=actor, at=at, act="withdrawn")
        request_all_refunds(
            actor=system_actor(request.force),
            at=at,
            payable_kind=PAYABLE_KIND,
            payable_id=request.id,
            reason=f"Request {request.reference} was withdrawn",
        )
    record_act(request, ref=request.reference)


def _lock_own(actor: Actor, at: datetime, session_id: UUID) -> InformationRequest:
    """Lock the request of a session, so that two tabs cannot answer a quote in two ways."""
    request = find_request_of_session(actor=actor, at=at, session_id=session_id)
    if request is None:
        raise NotFound("There is no such session.")
    return InformationRequest.objects.select_for_update().get(id=request.id)
