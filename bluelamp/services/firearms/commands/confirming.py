"""Confirm an applicant's e-mail address, in the browser that applied or began to apply."""

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, Refused
from bluelamp.foundation.notifications.one_time_codes import (
    CodeMessage,
    check_confirmation_code,
    send_confirmation_code,
)
from bluelamp.records.reference.lookups import get_force
from bluelamp.services.firearms.commands.actors import sending_actor
from bluelamp.services.firearms.contact_facts import owner_of_address
from bluelamp.services.firearms.lookups.addresses import find_own_address
from bluelamp.services.firearms.rules.saved import SENT


@command(permission="firearms.track", act="firearms.confirmation_requested")
def send_address_code(*, actor: Actor, at: datetime, application_id: UUID) -> None:
    """Send a code to an applicant's e-mail address, to confirm it.

    The caller proves that the browser applied or began to.

    Args:
        actor: Whose browser it is.
        at: The time.
        application_id: The application, or the draft of one that is not sent.

    Raises:
        NotFound: There is no such application.
    """
    own = find_own_address(actor=actor, application_id=application_id)
    if own is None:
        raise NotFound("There is no such application.")
    force = get_force(actor.force)
    is_sent = bool(own.email) and send_confirmation_code(
        actor=sending_actor(actor.force),
        at=at,
        message=CodeMessage(
            purpose=SENT,
            subject_id=application_id,
            reference=own.reference,
            to=own.email,
            force_name=force.name if force else "",
            language=own.language,
        ),
    )
    record_act(None, ref=own.reference, detail={"sent": is_sent})


@command(permission="firearms.track", act="firearms.address_confirmed")
def try_confirm_address(*, actor: Actor, at: datetime, application_id: UUID, code: str) -> bool:
    """Check a code, which confirms the address that it was sent to; return whether it is right.

    Raises:
        NotFound: There is no such application.
    """
    own = find_own_address(actor=actor, application_id=application_id)
    if own is None:
        raise NotFound("There is no such application.")
    is_right = check_confirmation_code(
        at=at,
        purpose=SENT,
        subject_id=application_id,
        owner=owner_of_address(own.purpose, own.subject_id),
        code=code,
    )
    record_act(None, ref=own.reference, detail={"right": is_right})
    return is_right


def confirm_applicant_address(
    *, actor: Actor, at: datetime, application_id: UUID, code: str
) -> None:
    """Check a code, which confirms the address that it was sent to.

    Raises Refused beside the field for a wrong code. The try is counted all the same: this is no
    command, so raising rolls nothing back.
    """
    if not try_confirm_address(actor=actor, at=at, application_id=application_id, code=code):
        raise Refused("firearms.code_wrong", field="code")
