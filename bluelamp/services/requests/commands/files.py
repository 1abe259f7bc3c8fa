"""Open a file of a request at the desk, to check it before and after it is sent."""

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.records.evidence.commands import OpenedFile, open_original_within_command
from bluelamp.services.requests.policy import request_policy
from bluelamp.services.requests.rules import parse_reference, request_subject


# Whoever answers requests need not see evidence: the permission is that of the request.
@command(permission="request.fulfil", act="request.file_opened", category=Category.CONSULTATION)
def open_file(*, actor: Actor, at: datetime, reference: str, item_id: UUID) -> OpenedFile:
    """Open a file that answers a request, and note it in the file's continuity.

    Raises:
        NotFound: There is no such request of the actor's force, or it has no such file.
        Refused: The file is infected.
    """
    request = request_policy.get(actor, reference=parse_reference(reference) or "")
    # A request has other files too, such as what came with it: those stay with evidence.
    if not request.files.filter(item_id=item_id).exists():
        raise NotFound("There is no such file.")
    opened = open_original_within_command(
        actor=actor,
        at=at,
        subject=request_subject(request.id),
        item_id=item_id,
        to=actor.name,
        reason=f"Request {request.reference}",
    )
    record_act(request, ref=request.reference, detail={"item": str(item_id)})
    return opened
