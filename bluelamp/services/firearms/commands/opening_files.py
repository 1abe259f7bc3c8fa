"""Open a file of an application at the desk: the photo, a doctor's report, permission for land."""

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.records.evidence.commands import OpenedFile, open_original_within_command
from bluelamp.services.firearms.lookups.files import application_subject
from bluelamp.services.firearms.policy import application_policy
from bluelamp.services.firearms.rules.applications import normalise_reference


# Whoever licenses guns need not see evidence. A doctor's report may be under any name, so one
# permission, that of medical answers, is for all of an application's files.
@command(
    permission="firearms.read_medical",
    act="firearms.file_opened",
    category=Category.CONSULTATION,
)
def open_application_file(
    *, actor: Actor, at: datetime, reference: str, item_id: UUID
) -> OpenedFile:
    """Open a file that came with an application, and note it in the file's continuity.

    Raises:
        NotFound: There is no such application of the actor's force, or it has no such file.
        Refused: The file is infected.
    """
    application = application_policy.get(actor, reference=normalise_reference(reference))
    opened = open_original_within_command(
        actor=actor,
        at=at,
        subject=application_subject(application.id),
        item_id=item_id,
        to=actor.name,
        reason=f"Application {application.reference}",
    )
    record_act(application, ref=application.reference, detail={"item": str(item_id)})
    return opened
