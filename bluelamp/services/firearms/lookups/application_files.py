"""Files that came with an application, for the licensing team."""

from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from bluelamp.foundation.audit.acts import Category, lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.records.evidence.lookups import (
    ItemRow,
    find_item_of_subject,
    items_of_subject,
    open_preview_bytes,
)
from bluelamp.services.firearms.lookups.files import application_subject
from bluelamp.services.firearms.policy import application_policy
from bluelamp.services.firearms.rules.applications import normalise_reference


@lookup(permission="firearms.read_medical", act="firearms.application_files_listed")
def list_application_files(*, actor: Actor, at: datetime, reference: str) -> list[ItemRow]:
    """Return the files of an application, in the order in which they came."""
    application = application_policy.get(actor, reference=normalise_reference(reference))
    items = items_of_subject(actor=actor, subject=application_subject(application.id))
    record_act(application, ref=application.reference, detail={"count": len(items)})
    return items


@lookup(
    permission="firearms.read_medical",
    act="firearms.application_picture_seen",
    category=Category.CONSULTATION,
)
def open_application_picture(
    *, actor: Actor, at: datetime, reference: str, item_id: UUID
) -> tuple[BinaryIO, str, int]:
    """Open the small picture of a file; whoever gets it closes it.

    Returns:
        The open file, its media type and its size in bytes.

    Raises:
        NotFound: There is no such application, file or picture, or the file is infected.
    """
    application = application_policy.get(actor, reference=normalise_reference(reference))
    item = find_item_of_subject(
        actor=actor, subject=application_subject(application.id), item_id=item_id
    )
    preview = item.preview("thumbnail")
    # A picture that was made before the scanner answered is not shown either.
    if preview is None or item.is_quarantined:
        raise NotFound("There is no such picture.")
    record_act(application, ref=application.reference, detail={"item": str(item.id)})
    return open_preview_bytes(actor=actor, preview=preview), preview.media_type, preview.size
