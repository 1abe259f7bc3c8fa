"""Files that came with an application that is not sent yet, for whoever sent them."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.forms.lookups import get_form_draft
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.records.evidence.lookups import (
    find_item_of_subject,
    items_of_subject,
    open_preview_bytes,
)
from bluelamp.records.evidence.rules import Subject


def application_subject(application_id: UUID) -> Subject:
    """Return the subject of the files of an application, which has the id of its draft."""
    return Subject("application", application_id)


class DraftFile(NamedTuple):
    """A file of a draft. `size` is in bytes."""

    name: str
    size: int


@lookup(permission="firearms.apply", act="firearms.files_listed")
def list_draft_files(
    *, actor: Actor, at: datetime, draft_id: UUID, secret: str
) -> dict[str, DraftFile]:
    """Return each file of a draft by its id, to whoever has the draft's secret.

    Raises:
        NotFound: There is no such draft.
    """
    draft = get_form_draft(actor=actor, at=at, draft_id=draft_id, secret=secret)
    items = items_of_subject(actor=actor, subject=application_subject(draft.id))
    record_act(None, detail={"draft": str(draft.id)})
    return {str(item.id): DraftFile(item.filename, item.size) for item in items}


@lookup(permission="firearms.apply", act="firearms.picture_seen")
def get_draft_picture(
    *, actor: Actor, at: datetime, draft_id: UUID, secret: str, item_id: UUID
) -> tuple[bytes, str]:
    """Return a picture of a draft's file and its media type, to whoever has the draft's secret.

    Returns:
        The bytes and the media type; b"" and "" while there is no picture yet.

    Raises:
        NotFound: There is no such draft or file, or the file is infected.
    """
    draft = get_form_draft(actor=actor, at=at, draft_id=draft_id, secret=secret)
    subject = application_subject(draft.id)
    item = find_item_of_subject(actor=actor, subject=subject, item_id=item_id)
    # A picture that was made before the scanner answered is not shown either.
    if item.is_quarantined:
        raise NotFound("There is no such picture.")
    record_act(None, detail={"item": str(item.id)})
    preview = item.preview("thumbnail")
    if preview is None:
        return b"", ""
    # A thumbnail is small: read as a whole, it leaves no file for the view to close.
    with open_preview_bytes(actor=actor, preview=preview) as source:
        return source.read(), preview.media_type
