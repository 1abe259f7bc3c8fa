"""Somebody's own request: just sent by this browser, or opened with a one-time code."""

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import lookup, read_within_act, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.notifications.confirmed_addresses import (
    AddressOwner,
    is_address_confirmed,
)
from bluelamp.foundation.notifications.one_time_codes import find_code_session
from bluelamp.foundation.payments.lookups import PaymentDetail, payments_for
from bluelamp.services.requests.lookups.details import OwnRequest, to_own_request
from bluelamp.services.requests.models import InformationRequest
from bluelamp.services.requests.rules import CODE_PURPOSE, PAYABLE_KIND, RequestState


@lookup(permission="request.make", act="request.sent_viewed")
def get_sent_request(*, actor: Actor, at: datetime, request_id: UUID) -> OwnRequest:
    """Return a request to the browser that sent it, whose signed cookie has the id.

    Raises:
        NotFound: There is no such request.
    """
    request = InformationRequest.objects.filter(force=actor.force, id=request_id).first()
    if request is None:
        raise NotFound("There is no such request.")
    return _read_own(actor, at, request)


@lookup(permission="request.track", act="request.tracked")
def get_own_request(*, actor: Actor, at: datetime, session_id: UUID) -> OwnRequest:
    """Return the request that a session shows, which a one-time code opened.

    Raises:
        NotFound: The session has ended.
    """
    request = find_request_of_session(actor=actor, at=at, session_id=session_id)
    if request is None:
        raise NotFound("There is no such session.")
    return _read_own(actor, at, request)


@lookup(permission="request.track", act="request.state_viewed")
def is_request_refused(*, actor: Actor, at: datetime, request_id: UUID) -> bool:
    """Say whether a request was refused, for the page of its payment; False where there is none."""
    # No error where there is none: the page of a payment asks, whatever it is for.
    request = InformationRequest.objects.filter(force=actor.force, id=request_id).first()
    record_act(request, ref=request.reference if request else "")
    return request is not None and request.state == RequestState.REFUSED


@read_within_act
def find_request_of_session(
    *, actor: Actor, at: datetime, session_id: UUID
) -> InformationRequest | None:
    """Return the request that a one-time code opened, None where its session has ended."""
    request_id = find_code_session(actor=actor, purpose=CODE_PURPOSE, session_id=session_id, at=at)
    if request_id is None:
        return None
    return InformationRequest.objects.filter(force=actor.force, id=request_id).first()


@read_within_act
def is_email_confirmed(*, actor: Actor, request: InformationRequest) -> bool:
    """Return whether whoever made a request confirmed that the e-mail address is theirs."""
    owner = AddressOwner(CODE_PURPOSE, request.id)
    return bool(request.email) and is_address_confirmed(
        actor=actor, owner=owner, address=request.email
    )


def _read_own(actor: Actor, at: datetime, request: InformationRequest) -> OwnRequest:
    record_act(request, ref=request.reference)
    return to_own_request(
        request,
        read_payments(actor, request.id),
        on=london_date(at),
        is_email_confirmed=is_email_confirmed(actor=actor, request=request),
    )


def read_payment(actor: Actor, request_id: UUID) -> PaymentDetail | None:
    """Return the payment of a request, None where it is free."""
    # The newest: after the fee there can be the price of a quote.
    return next(iter(read_payments(actor, request_id)), None)


def read_payments(actor: Actor, request_id: UUID) -> tuple[PaymentDetail, ...]:
    """Return the payments of a request, the newest first."""
    return payments_for(actor=actor, payable_kind=PAYABLE_KIND, payable_id=request_id)
