"""Add files to an application at the desk: photos of a visit, or a letter that came later."""

from collections.abc import Sequence
from datetime import datetime

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Refused
from bluelamp.foundation.kernel.text import clean_text
from bluelamp.records.evidence.commands import ItemClaims
from bluelamp.services.firearms.commands.receiving_files import Scan, receive_file
from bluelamp.services.firearms.commands.stages import lock_application

MAX_NOTE_LENGTH = 200


@command(permission="firearms.check", act="firearms.files_added", category=Category.COLLECTION)
def add_application_files(
    *, actor: Actor, at: datetime, reference: str, files: Sequence[Scan], note: str
) -> None:
    """Add files to an application, with what they show. Each is an item with its continuity.

    Raises:
        NotFound: There is no such application.
        Refused: There is no file or no note, or a file cannot be taken.
    """
    note = clean_text(
        note, max_length=MAX_NOTE_LENGTH, field="file_note", label="firearms.file_note_label"
    )
    if not files:
        raise Refused("firearms.file_missing", field="files")
    if not note:
        raise Refused("firearms.file_note_missing", field="file_note")
    # Locked last: what is refused for want of a note holds nobody else up.
    application = lock_application(actor, reference)
    for file in files:
        claims = ItemClaims(origin="desk", description=note)
        receive_file(file, application.id, actor=actor, at=at, claims=claims)
    record_act(application, ref=application.reference, detail={"files": len(files)})
