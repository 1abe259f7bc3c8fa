"""One-time codes with which people follow their requests."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.kernel.jobs.queues import Queue, job
from bluelamp.foundation.notifications.confirmed_addresses import AddressOwner, CodeRequest
from bluelamp.foundation.notifications.one_time_codes import (
    CodeMessage,
    check_confirmation_code,
    end_code_session,
    exchange_one_time_code,
    send_confirmation_code,
    send_one_time_code,
)
from bluelamp.records.people.contact_facts import (
    ContactFacts,
    do_facts_match,
    enqueue_code,
)
from bluelamp.records.reference.lookups import get_force
from bluelamp.services.requests.commands.entries import system_actor
from bluelamp.services.requests.models import InformationRequest
from bluelamp.services.requests.rules import CODE_PURPOSE, parse_reference

_DETAIL_ANSWERS = ("registration", "born_on", "postcode")
"""Answers that nobody guesses. When a collision happened is too few days to be one of them."""


@command(permission="request.track", act="request.code_requested")
def request_code(
    *,
    actor: Actor,
    at: datetime,
    reference: str,
    name: str = "",
    detail: str = "",
    browser_secret: str = "",
) -> None:
    """Have a code sent to whoever made a request, if there is one.

    A job does it, so that the time this takes says nothing of whether the reference exists. Where
    the address is not confirmed, it takes their name and a detail of the request too; then only the
    browser with the secret can use the code.
    """
    enqueue_code(
        "requests.send_code",
        reference=reference,
        force=actor.force,
        name=name,
        detail=detail,
        browser_secret=browser_secret,
    )
    record_act(None, ref=reference)


@job(name="requests.send_code", queue=Queue.MESSAGES, attempts=3, priority=5)
def send_code_job(
    *, reference: str, force: str, facts: Sequence[str] = (), browser_hash: str = ""
) -> None:
    """Send a one-time code, if there is such a request and we may write to its address."""
    send_code(
        actor=system_actor(force),
        at=now(),
        reference=reference,
        facts=facts,
        browser_hash=browser_hash,
    )


@command(permission="request.track", act="request.code_sent")
def send_code(
    *,
    actor: Actor,
    at: datetime,
    reference: str,
    facts: Sequence[str] = (),
    browser_hash: str = "",
) -> None:
    """Send a code to whoever made a request. Nothing is sent about one of a soft service."""
    request = _find_request(actor, reference)
    is_sent = False
    # Somebody else may read the post of whoever asked softly.
    if request is not None and request.email and not request.is_soft:
        is_sent = send_one_time_code(
            actor=actor,
            at=at,
            message=_code_message(request),
            owner=_owner_of_address(request.id),
            request=CodeRequest(
                do_facts_match(facts, _contact_facts(request), address=request.email),
                browser_hash,
            ),
        )
    record_act(request, ref=reference, detail={"sent": is_sent})


@command(permission="request.track", act="request.code_checked")
def exchange_code(
    *, actor: Actor, at: datetime, reference: str, code: str, browser_secret: str = ""
) -> UUID | None:
    """Check a code, and return the id of the session that it opens; None where it is wrong."""
    request = _find_request(actor, reference)
    session_id = exchange_one_time_code(
        at=at,
        purpose=CODE_PURPOSE,
        subject_id=request.id if request else None,
        code=code,
        find_owner=_owner_of_address,
        browser_secret=browser_secret,
    )
    # No error here: raised inside the command, it would undo the count of wrong codes.
    record_act(request, ref=reference, detail={"right": session_id is not None})
    return session_id


def open_session(
    *, actor: Actor, at: datetime, reference: str, code: str, browser_secret: str = ""
) -> UUID:
    """Check a code, and return the id of the session that it opens.

    Raises Refused beside the field for a wrong code. The try is counted all the same: this is no
    command, so raising rolls nothing back.
    """
    session_id = exchange_code(
        actor=actor, at=at, reference=reference, code=code, browser_secret=browser_secret
    )
    if session_id is None:
        raise Refused("requests.code_wrong", field="code")
    return session_id


@command(permission="request.track", act="request.session_ended")
def end_session(*, actor: Actor, at: datetime, session_id: UUID) -> None:
    """End a session, so that its cookie opens nothing from now on."""
    end_code_session(purpose=CODE_PURPOSE, session_id=session_id, at=at)
    record_act(None)


@command(permission="request.track", act="request.confirmation_requested")
def send_address_code(*, actor: Actor, at: datetime, request_id: UUID) -> None:
    """Send a code to the address of whoever made a request, to confirm it.

    The caller proves that the browser made it.

    Raises:
        NotFound: There is no such request.
    """
    request = _get_request(actor, request_id)
    is_sent = False
    if request.email and not request.is_soft:
        is_sent = send_confirmation_code(
            actor=system_actor(request.force), at=at, message=_code_message(request)
        )
    record_act(request, ref=request.reference, detail={"sent": is_sent})


@command(permission="request.track", act="request.address_confirmed")
def try_confirm_address(*, actor: Actor, at: datetime, request_id: UUID, code: str) -> bool:
    """Check a code, which confirms the address that it was sent to; return whether it is right.

    The caller proves that the browser made the request.

    Raises:
        NotFound: There is no such request.
    """
    request = _get_request(actor, request_id)
    is_right = check_confirmation_code(
        at=at,
        purpose=CODE_PURPOSE,
        subject_id=request.id,
        owner=_owner_of_address(request.id),
        code=code,
    )
    record_act(request, ref=request.reference, detail={"right": is_right})
    return is_right


def confirm_request_address(*, actor: Actor, at: datetime, request_id: UUID, code: str) -> None:
    """Check a code, which confirms the address that it was sent to.

    Raises Refused beside the field for a wrong code. The try is counted all the same: this is no
    command, so raising rolls nothing back.
    """
    if not try_confirm_address(actor=actor, at=at, request_id=request_id, code=code):
        raise Refused("requests.code_wrong", field="code")


def _get_request(actor: Actor, request_id: UUID) -> InformationRequest:
    request = InformationRequest.objects.filter(force=actor.force, id=request_id).first()
    if request is None:
        raise NotFound("There is no such request.")
    return request


def _code_message(request: InformationRequest) -> CodeMessage:
    force = get_force(request.force)
    return CodeMessage(
        purpose=CODE_PURPOSE,
        subject_id=request.id,
        reference=request.reference,
        to=request.email,
        force_name=force.name if force else "",
        language=request.language,
    )


def _owner_of_address(request_id: UUID) -> AddressOwner:
    # A request names no person on record: its address is confirmed for it alone.
    return AddressOwner(CODE_PURPOSE, request_id)


def _contact_facts(request: InformationRequest) -> ContactFacts:
    """Return what only whoever made a request told us."""
    words = request.name.split()
    details = (str(request.answers.get(name) or "") for name in _DETAIL_ANSWERS)
    return ContactFacts(
        given_name=" ".join(words[:-1]),
        family_name=words[-1] if words else "",
        details=tuple(text for text in details if text),
    )


def _find_request(actor: Actor, reference: str) -> InformationRequest | None:
    parsed = parse_reference(reference)
    # Asked for even where the text is no reference: the time it takes tells nobody which.
    return InformationRequest.objects.filter(force=actor.force, reference=parsed or "").first()
