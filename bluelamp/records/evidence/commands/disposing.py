"""Dispose of files that belong to no record, such as scans of a form that was never sent.

Nobody opens them any more, and what they were called is gone. The lines of their continuity stay,
as for all evidence: they say that there was a file, its hash, and why it is there no longer.
"""

from datetime import datetime

from bluelamp.foundation.audit.acts import require_command
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.records.evidence.commands.continuity import write_continuity
from bluelamp.records.evidence.models import Item
from bluelamp.records.evidence.rules import Subject, Verb

DISPOSED_NAME = "disposed of"


def dispose_of_subject(*, actor: Actor, at: datetime, subject: Subject, reason: str) -> int:
    """Dispose of every file of a record that is no record, as part of a command.

    Returns:
        How many files there were. Done twice, the second finds none.
    """
    require_command()
    items = list(
        Item.objects.select_for_update()
        .filter(force=actor.force, withdrawn_at=None, **subject.as_columns())
        # In one order, so that two commands cannot wait for each other.
        .order_by("id")
    )
    for item in items:
        write_continuity(
            actor=actor, at=at, item_id=item.id, verb=Verb.DISPOSED, reason=reason[:500]
        )
        item.withdrawn_at = at
        # People write whose file it is, and what it shows, into these.
        item.filename, item.description = DISPOSED_NAME, ""
        item.save(update_fields=["withdrawn_at", "filename", "description"])
    return len(items)
