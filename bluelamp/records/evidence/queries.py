"""What people look up about evidence, starting from what the actor's force holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from django.db.models import Count, F, Max, Min, Sum

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.checkpoint import BadNote, open_checkpoint
from bluelamp.foundation.kernel.command_line import Progress
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.kernel.log import (
    LogBroken,
    left_out,
    recomputed_roots,
    signer,
    told_by_witness,
)
from bluelamp.foundation.kernel.log_models import LogCheckpoint, LogLeaf
from bluelamp.foundation.kernel.merkle import leaf_hash
from bluelamp.records.evidence.models import Blob, Continuity, Item, Preview, Upload
from bluelamp.records.evidence.store import current_store

_BLOCK = 4 * 1024**2
_BATCH = 5000


def items_for(*, actor: Actor, purpose: str) -> list[Item]:
    """Return the items of one purpose, in the order received, with their previews: for use inside a
    lookup.
    """
    items = Item.objects.filter(force=actor.force, purpose=purpose)
    return list(
        items.select_related("blob").prefetch_related("previews").order_by("received_at", "id")
    )


def items_by_id(*, actor: Actor, item_ids: Iterable[UUID]) -> list[Item]:
    """Return the force's items with these ids, in that order, with their previews: for use after a
    lookup.

    An id whose bytes have not come yet is left out.
    """
    asked = list(item_ids)
    held = Item.objects.filter(force=actor.force, id__in=asked).select_related("blob")
    found = {each.id: each for each in held.prefetch_related("previews")} if asked else {}
    return [found[each] for each in asked if each in found]


def item(*, actor: Actor, item_id: UUID) -> Item:
    """Return one item, for use inside a lookup or command. Raises NotFound, also for another
    force's item.
    """
    found = Item.objects.select_related("blob").filter(id=item_id, force=actor.force).first()
    if found is None:
        raise NotFound("There is no such item.")
    return found


@lookup(may="evidence.view", act="evidence.item_viewed")
def view_item(*, actor: Actor, at: datetime, item_id: UUID, why: str = "") -> Item:
    """Return one item for a page that shows it. Raises NotFound, NotPermitted."""
    found = item(actor=actor, item_id=item_id)
    record_act(found, ref=found.filename)
    return found


def continuity_of(*, item: Item) -> list[Continuity]:
    """Return an item's continuity from its first line to its last."""
    return list(Continuity.objects.filter(item=item).order_by("sequence"))


def previews_of(*, item: Item) -> list[Preview]:
    """Return an item's previews."""
    return list(item.previews.select_related("blob").order_by("kind"))


def read_bytes_of(*, sha256: str) -> BinaryIO:
    """Open kept bytes for a command or lookup that records it. Raises FileNotFoundError."""
    return current_store().open(sha256)


def upload(*, upload_id: UUID, purpose: str, actor: Actor) -> Upload:
    """Return an upload of the same sender and purpose. Raises NotFound."""
    found = Upload.objects.filter(id=upload_id, force=actor.force, purpose=purpose).first()
    if found is None or (found.made_by_kind, found.made_by) != (actor.kind, actor.id):
        raise NotFound("There is no such upload.")
    return found


@dataclass(frozen=True, slots=True)
class Check:
    """One thing checked: what, whether it is right, and what is wrong or worth knowing."""

    name: str
    passed: bool
    detail: str = ""


def fsck(*, progress: Progress | None = None) -> Iterator[Check]:
    """Recompute every hash in the store, and hold store, record and log against each other.

    Reads every byte held, and tells `progress` so. A failure is a Check that did not pass; nothing
    is changed.
    """
    store = current_store()
    recorded = set()
    if progress:
        progress.total = Blob.objects.aggregate(whole=Sum("size"))["whole"] or 0
    for blob in Blob.objects.order_by("sha256").iterator(chunk_size=1000):
        recorded.add(blob.sha256)
        yield _check_blob(blob, progress)
    for sha256 in store.walk():
        if sha256 not in recorded:
            yield Check(sha256, True, "on no record: left by an interrupted hand-in")
    yield from _check_continuity()
    yield from _check_log()


def _check_blob(blob: Blob, progress: Progress | None) -> Check:
    try:
        with current_store().open(blob.sha256) as source:
            digest, size = hashlib.sha256(), 0
            while block := source.read(_BLOCK):
                digest.update(block)
                size += len(block)
                if progress:
                    progress.step(len(block))
    except FileNotFoundError:
        return Check(blob.sha256, False, "on the record and not in the store")
    except OSError as error:
        return Check(blob.sha256, False, f"cannot be read: {error.strerror}")
    if digest.hexdigest() != blob.sha256:
        return Check(blob.sha256, False, f"its bytes hash to {digest.hexdigest()}")
    return Check(
        blob.sha256,
        size == blob.size,
        "" if size == blob.size else f"{size} bytes, {blob.size} on the record",
    )


def _check_continuity() -> Iterator[Check]:
    """Every item's lines run from 1 without a gap, begin with its receipt, and name the hash of its
    original.
    """
    broken = {str(pk) for pk in Item.objects.filter(continuity=None).values_list("id", flat=True)}
    numbered = Continuity.objects.order_by().values("item_id")
    spans = numbered.annotate(first=Min("sequence"), last=Max("sequence"), lines=Count("id"))
    broken |= {str(row["item_id"]) for row in spans.exclude(first=1, last=F("lines"))}
    wrong = Continuity.objects.exclude(sha256=F("item__blob_id")).values_list("item_id", flat=True)
    broken |= {str(pk) for pk in wrong}
    for item_id in sorted(broken):
        yield Check(f"continuity of {item_id}", False, "lines are missing or name another hash")
    if not broken:
        yield Check("continuity", True, f"{Item.objects.count()} items, no gap")


def _check_log() -> Iterator[Check]:
    """Every sealed line is on the record with the bytes it was sealed with, and the leaves give the
    signed root.
    """
    yield Check("the witness outside the database", *told_by_witness(log="continuity"))
    if strays := left_out(log="continuity", queryset=Continuity.objects.order_by()):
        for stray in strays:
            yield Check(f"continuity line {stray}", False, "came in behind the seal")
    checkpoint = LogCheckpoint.objects.filter(log="continuity").order_by("-size").first()
    if checkpoint is None:
        yield Check("continuity log", True, "nothing sealed yet")
        return
    try:
        signed = open_checkpoint(checkpoint.note.encode(), keys=[signer("continuity").verifier])
    except BadNote as fault:
        yield Check("continuity log", False, str(fault))
        return
    is_whole = True
    for start in range(0, checkpoint.size, _BATCH):
        leaves = LogLeaf.objects.filter(
            log="continuity", index__gte=start, index__lt=min(start + _BATCH, checkpoint.size)
        )
        sealed = {leaf.entry_id: bytes(leaf.leaf_hash) for leaf in leaves}
        rows = Continuity.objects.in_bulk(list(sealed))
        for entry_id, digest in sealed.items():
            if entry_id not in rows:
                is_whole = False
                yield Check(f"continuity line {entry_id}", False, "was sealed and is gone")
            elif leaf_hash(rows[entry_id].canonical()) != digest:
                is_whole = False
                yield Check(f"continuity line {entry_id}", False, "is not what was sealed")
    try:
        ((_, root),) = recomputed_roots(log="continuity", sizes=[checkpoint.size])
    except LogBroken as error:
        yield Check("continuity log", False, str(error))
        return
    is_whole = is_whole and (signed.size, signed.root) == (checkpoint.size, root)
    yield Check("continuity log", is_whole, f"{checkpoint.size} lines sealed")
