"""Parts of the commands: note what happened to a request, and write to the person who made it."""

from datetime import datetime

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.notifications.commands import send_message_or_list_undelivered
from bluelamp.records.reference.lookups import get_force
from bluelamp.services.requests.models import InformationRequest, RequestEntry


def add_entry(
    request: InformationRequest, *, actor: Actor, at: datetime, act: str, note: str = ""
) -> None:
    """Note on a request what happened."""
    RequestEntry.objects.create(
        request=request, act=act, note=note, at=at, by_id=actor.id, by_name=actor.history_name
    )


def system_actor(force: str) -> Actor:
    """Return the part of the program that writes to people about their requests."""
    # For what a person sets off and has no right to do themselves, such as asking for a refund.
    permissions = {
        "notification.send",
        "payment.request",
        "refund.request",
        "request.start",
        "request.track",
    }
    return Actor.system("requests", force=force, permissions=permissions)


def write_to_requester(
    request: InformationRequest,
    *,
    at: datetime,
    template: str,
    occasion: str,
    placeholders: dict[str, str],
) -> None:
    """Send an e-mail about a request, unless its service is one for people who may be afraid.

    Somebody else may read it: it says neither what was asked for nor why it was refused.
    """
    if request.is_soft or not request.email:
        return
    force = get_force(request.force)
    send_message_or_list_undelivered(
        actor=system_actor(request.force),
        at=at,
        to=request.email,
        template=template,
        reference=request.reference,
        # A command that runs again after a deadlock writes to nobody twice.
        idempotency_key=f"{occasion} {request.id}",
        language=request.language,
        personalisation={
            "reference": request.reference,
            "force": force.name if force else "",
            **placeholders,
        },
    )
