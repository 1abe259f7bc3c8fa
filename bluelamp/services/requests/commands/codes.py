"""One-time codes with which people follow their requests."""

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.jobs.queues import Queue, enqueue, job
from bluelamp.foundation.notifications.one_time_codes import (
    end_code_session,
    exchange_one_time_code,
    send_one_time_code,
)
from bluelamp.records.reference.lookups import get_force
from bluelamp.services.requests.commands.entries import system_actor
from bluelamp.services.requests.models import InformationRequest
from bluelamp.services.requests.rules import CODE_PURPOSE, parse_reference


@command(permission="request.track", act="request.code_requested")
def request_code(*, actor: Actor, at: datetime, reference: str) -> None:
    """Have a code sent to whoever made a request, if there is one.

    A job does it, so that the time this takes says nothing of whether the reference exists.
    """
    # Whatever the reference: to queue is as fast for one that nobody has.
    enqueue("requests.send_code", reference=reference, force=actor.force)
    record_act(None, ref=reference)


@job(name="requests.send_code", queue=Queue.MESSAGES, attempts=3, priority=5)
def send_code_job(*, reference: str, force: str) -> None:
    """Send a one-time code, if there is such a request and we may write to its address."""
    send_code(actor=system_actor(force), at=now(), reference=reference)


@command(permission="request.track", act="request.code_sent")
def send_code(*, actor: Actor, at: datetime, reference: str) -> None:
    """Send a code to whoever made a request. Nothing is sent about one of a soft service."""
    request = _find_request(actor, reference)
    is_sent = False
    # Somebody else may read the post of whoever asked softly.
    if request is not None and request.email and not request.is_soft:
        force = get_force(request.force)
        is_sent = send_one_time_code(
            actor=actor,
            at=at,
            purpose=CODE_PURPOSE,
            subject_id=request.id,
            reference=request.reference,
            to=request.email,
            force_name=force.name if force else "",
            language=request.language,
        )
    record_act(request, ref=reference, detail={"sent": is_sent})


@command(permission="request.track", act="request.code_checked")
def exchange_code(*, actor: Actor, at: datetime, reference: str, code: str) -> UUID | None:
    """Check a code, and return the id of the session that it opens; None where it is wrong."""
    request = _find_request(actor, reference)
    session_id = exchange_one_time_code(
        at=at, purpose=CODE_PURPOSE, subject_id=request.id if request else None, code=code
    )
    # No error here: raised inside the command, it would undo the count of wrong codes.
    record_act(request, ref=reference, detail={"right": session_id is not None})
    return session_id


def open_session(*, actor: Actor, at: datetime, reference: str, code: str) -> UUID:
    """Check a code, and return the id of the session that it opens.

    Raises Refused beside the field for a wrong code. The try is counted all the same: this is no
    command, so raising rolls nothing back.
    """
    session_id = exchange_code(actor=actor, at=at, reference=reference, code=code)
    if session_id is None:
        raise Refused("requests.code_wrong", field="code")
    return session_id


@command(permission="request.track", act="request.session_ended")
def end_session(*, actor: Actor, at: datetime, session_id: UUID) -> None:
    """End a session, so that its cookie opens nothing from now on."""
    end_code_session(purpose=CODE_PURPOSE, session_id=session_id, at=at)
    record_act(None)


def _find_request(actor: Actor, reference: str) -> InformationRequest | None:
    parsed = parse_reference(reference)
    # Asked for even where the text is no reference: the time it takes tells nobody which.
    return InformationRequest.objects.filter(force=actor.force, reference=parsed or "").first()
