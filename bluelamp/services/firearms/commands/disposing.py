"""Dispose of the files of applications that were never sent: their drafts are gone.

Nobody can open them from then on, and their names are gone, but their bytes stay: the evidence
store never deletes what it stored, for anybody (`records.evidence.store`).
"""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings

from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.forms.models import FormDraft
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.jobs.queues import Queue, periodic
from bluelamp.records.evidence.commands.disposing import dispose_of_subject
from bluelamp.records.evidence.models import Item
from bluelamp.services.firearms.lookups.files import application_subject
from bluelamp.services.firearms.models import Application

# The clocks of two machines may differ.
_LEAST_AGE = timedelta(days=1)
_BATCH = 500


class DisposedBatch(NamedTuple):
    """How many files were disposed of, and the record after which to go on; None at the end."""

    files: int
    last_id: UUID | None


@periodic(cron="10 4 * * *", name="firearms.dispose_of_files", queue=Queue.BULK)
def dispose_of_files_every_night() -> None:
    """Dispose of the files whose draft retention or somebody has deleted."""
    actor = Actor.system(
        "firearms retention", force=settings.BLUELAMP_FORCE, permissions={"firearms.progress"}
    )
    after: UUID | None = None
    while True:
        batch = dispose_of_orphans(actor=actor, at=now(), after=after)
        if batch.last_id is None:
            return
        after = batch.last_id


@command(
    permission="firearms.progress", act="firearms.files_disposed_of", category=Category.ERASURE
)
def dispose_of_orphans(*, actor: Actor, at: datetime, after: UUID | None = None) -> DisposedBatch:
    """Dispose of files that belong to no application and no draft any more.

    Args:
        actor: The part of the program that does it.
        at: The time.
        after: The record after which to go on.
    """
    items = Item.objects.filter(
        force=actor.force,
        subject_kind=application_subject(UUID(int=0)).kind,
        withdrawn_at=None,
        received_at__lt=at - _LEAST_AGE,
    )
    if after:
        items = items.filter(subject_id__gt=after)
    ids = list(
        items.order_by("subject_id").values_list("subject_id", flat=True).distinct()[:_BATCH]
    )
    # A draft that is to become an application has its id: whatever has neither is nobody's. The
    # drafts first, because one that is sent between the two questions is an application by then.
    owned = set(FormDraft.objects.filter(id__in=ids).values_list("id", flat=True))
    owned |= set(Application.objects.filter(id__in=ids).values_list("id", flat=True))
    count = sum(
        dispose_of_subject(
            actor=actor,
            at=at,
            subject=application_subject(subject_id),
            reason="The form that it came with was never sent, and its time is over",
        )
        for subject_id in ids
        if subject_id not in owned
    )
    record_act(None, detail={"files": count})
    return DisposedBatch(count, ids[-1] if len(ids) == _BATCH else None)
