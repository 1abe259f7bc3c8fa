"""Rows of evidence for this domain's own lookups and commands.

Nothing here checks a permission or records an act, and everything here returns rows. So only
`bluelamp.records.evidence` may import it; everybody else asks `lookups`.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.records.evidence.models import Continuity, Item, Preview, Upload
from bluelamp.records.evidence.policy import item_policy, upload_policy
from bluelamp.records.evidence.rules import Subject, UploadState, Verb


def find_item_row(*, actor: Actor, item_id: UUID) -> Item:
    """Return an item that the actor may see, with its blob. Raises NotFound."""
    item = item_policy.queryset(actor).select_related("blob").filter(id=item_id).first()
    if item is None:
        raise NotFound(item_policy.not_found)
    return item


def visible_items_with_previews(actor: Actor) -> QuerySet[Item]:
    """Return the items that the actor may see, ready to become `ItemRow`s in two queries."""
    return _with_previews(item_policy.queryset(actor))


def subject_items_with_previews(*, force: str, subject: Subject) -> QuerySet[Item]:
    """Return the items that belong to a record, ready to become `ItemRow`s in two queries.

    The policy is left out: the domain that has the record decides who sees it and its items, such
    as a member of the public with the secret of a draft.
    """
    return _with_previews(Item.objects.filter(force=force, **subject.as_columns()))


def find_upload_row(*, actor: Actor, upload_id: UUID, subject: Subject) -> Upload:
    """Return an upload that the actor began for this subject. Raises NotFound."""
    upload = upload_policy.get(actor, id=upload_id, **subject.as_columns())
    # Loaded here, because whoever answers the sender can't ask the database.
    if upload.item_id:
        upload.item = Item.objects.get(id=upload.item_id)
    return upload


def find_arriving_uploads(
    *, actor: Actor, subject: Subject, item_id: UUID, at: datetime
) -> list[Upload]:
    """Return the uploads of an item that the actor began for this subject and has not finished."""
    return list(
        upload_policy.queryset(actor).filter(
            **subject.as_columns(),
            announced_item_id=item_id,
            state=UploadState.ARRIVING,
            expires_at__gt=at,
        )
    )


def lock_upload_row(*, actor: Actor, upload_id: UUID) -> Upload:
    """Return an upload that the actor began, locked until the transaction ends. Raises NotFound."""
    return upload_policy.get(actor, lock=True, id=upload_id)


def last_view(*, actor: Actor, item_id: UUID) -> Continuity | None:
    """Return the newest line of continuity that says that the actor viewed an item.

    The name is compared too: the public and the system have no account, so `by` alone would take
    all of them for one person.
    """
    views = Continuity.objects.filter(
        item_id=item_id, verb=Verb.VIEWED, by_id=actor.id, by_name=actor.name
    )
    return views.order_by("-sequence").first()


def _with_previews(items: QuerySet[Item]) -> QuerySet[Item]:
    previews = Prefetch("previews", Preview.objects.select_related("blob").order_by("kind"))
    return items.select_related("blob").prefetch_related(previews)
