"""`bluelamp evidence fsck`: compare the store, the record and the continuity log."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, F, Max, Min, Sum

from bluelamp.foundation.audit.verifying import find_demo_load, is_written_by_demo
from bluelamp.foundation.kernel.check import Check
from bluelamp.foundation.kernel.merkle_log.checkpoint import BadNote, open_checkpoint
from bluelamp.foundation.kernel.merkle_log.entry_times import (
    EntryTimes,
    SealTimes,
    describe_time_faults,
)
from bluelamp.foundation.kernel.merkle_log.key_rotation import key_periods, keys_at, signer
from bluelamp.foundation.kernel.merkle_log.log import (
    LogBroken,
    recomputed_roots,
    unlogged_rows,
    verify_checkpoint_file,
)
from bluelamp.foundation.kernel.merkle_log.merkle import leaf_hash
from bluelamp.foundation.kernel.merkle_log.models import LogCheckpoint, LogLeaf
from bluelamp.foundation.kernel.merkle_log.seal_history import seal_times, verify_checkpoint_chain
from bluelamp.foundation.kernel.terminal.command_line import Progress
from bluelamp.records.evidence.models import Blob, Continuity, Item, SealedPackage
from bluelamp.records.evidence.store import current_store

_READ_BYTES = 4 * 1024**2
_LEAVES_AT_ONCE = 5000


def fsck(*, progress: Progress | None = None) -> Iterator[Check]:
    """Recompute every hash in the store, and compare store, record and log.

    It reads every stored byte and reports that to `progress`. A fault is a Check that did not pass;
    nothing is changed.
    """
    store = current_store()
    recorded = set()
    if progress:
        progress.total = Blob.objects.aggregate(whole=Sum("size"))["whole"] or 0
    for blob in Blob.objects.order_by("sha256").iterator(chunk_size=1000):
        recorded.add(blob.sha256)
        yield _check_blob(blob, progress)
    for sha256 in store.walk_hashes():
        if sha256 not in recorded:
            # No fault: bytes are stored before the record is committed, and a crash may come
            # between.
            yield Check(sha256, True, "not on record: left by an upload that was cut off")
    yield from _check_continuity()
    yield from _check_log()


def _check_blob(blob: Blob, progress: Progress | None) -> Check:
    # Both: a row may name the right bytes and lie about their size.
    digest, size = hashlib.sha256(), 0
    try:
        with current_store().open(blob.sha256) as source:
            while block := source.read(_READ_BYTES):
                digest.update(block)
                size += len(block)
                if progress:
                    progress.step(len(block))
    except FileNotFoundError:
        return Check(blob.sha256, False, "on record but not in the store")
    except OSError as error:
        return Check(blob.sha256, False, f"cannot be read: {error.strerror}")
    if digest.hexdigest() != blob.sha256:
        return Check(blob.sha256, False, f"its bytes hash to {digest.hexdigest()}")
    if size != blob.size:
        return Check(blob.sha256, False, f"{size} bytes, but {blob.size} on record")
    return Check(blob.sha256, True)


def _check_continuity() -> Iterator[Check]:
    """Check that every item's lines run from 1 without a gap and name the hash of its original."""
    broken = {str(pk) for pk in Item.objects.filter(continuity=None).values_list("id", flat=True)}
    # order_by() takes the model's ordering off, which would end up in GROUP BY.
    by_item = Continuity.objects.order_by().values("item_id")
    spans = by_item.annotate(first=Min("sequence"), last=Max("sequence"), lines=Count("id"))
    broken |= {str(row["item_id"]) for row in spans.exclude(first=1, last=F("lines"))}
    other_hash = Continuity.objects.exclude(sha256=F("item__blob_id"))
    broken |= {str(pk) for pk in other_hash.values_list("item_id", flat=True)}
    for item_id in sorted(broken):
        yield Check(f"continuity of {item_id}", False, "lines are missing or name another hash")
    if not broken:
        yield Check("continuity", True, f"{Item.objects.count()} items, no gap")


def _check_log() -> Iterator[Check]:
    """Check that the log holds every sealed line as it is on record, and gives the signed root."""
    yield Check(
        "the checkpoint file outside the database", *verify_checkpoint_file(log="continuity")
    )
    yield Check(
        "the chain of checkpoints outside the database",
        *verify_checkpoint_chain(key=signer("continuity"), log="continuity"),
    )
    for row_id in unlogged_rows(log="continuity", queryset=Continuity.objects.order_by()):
        yield Check(f"continuity line {row_id}", False, "was added after its time was sealed")
    for row_id in unlogged_rows(log="continuity", queryset=SealedPackage.objects.order_by()):
        yield Check(f"sealed package {row_id}", False, "was added after its time was sealed")
    checkpoint = LogCheckpoint.objects.filter(log="continuity").order_by("-size").first()
    if checkpoint is None:
        yield Check("continuity log", True, "nothing sealed yet")
        return
    try:
        keys = keys_at(key_periods("continuity"), checkpoint.size)
        signed = open_checkpoint(checkpoint.note.encode(), keys=keys)
    except BadNote as error:
        yield Check("continuity log", False, str(error))
        return
    seals = seal_times("continuity")
    disorder = seals.describe_disorder()
    yield Check("the continuity log was sealed in the order of time", not disorder, disorder)
    is_whole = True
    for check in _check_sealed_lines(checkpoint.size, seals):
        is_whole = False
        yield check
    try:
        ((_, root),) = recomputed_roots(log="continuity", sizes=[checkpoint.size])
    except LogBroken as error:
        yield Check("continuity log", False, str(error))
        return
    # The columns of the row are not signed, only the note is: both must say the same.
    is_whole = is_whole and (signed.size, signed.root) == (checkpoint.size, root)
    yield Check("continuity log", is_whole, f"{checkpoint.size} lines sealed")


def _check_sealed_lines(size: int, seals: SealTimes) -> Iterator[Check]:
    """Yield a failed check for each of the first `size` leaves whose line is gone or changed, or
    whose times do not agree.
    """
    demo_loaded_at = find_demo_load()
    # In steps: a log of millions of lines does not fit into memory.
    for start in range(0, size, _LEAVES_AT_ONCE):
        leaves = LogLeaf.objects.filter(
            log="continuity", index__gte=start, index__lt=min(start + _LEAVES_AT_ONCE, size)
        )
        sealed = {leaf.entry_id: leaf for leaf in leaves}
        lines = Continuity.objects.in_bulk(list(sealed))
        packages = SealedPackage.objects.in_bulk(sealed.keys() - lines.keys())
        for entry_id, leaf in sealed.items():
            row = lines.get(entry_id) or packages.get(entry_id)
            if fault := _describe_fault(row, leaf, seals, demo_loaded_at):
                yield Check(f"continuity line {entry_id}", False, fault)


def _describe_fault(
    row: Continuity | SealedPackage | None,
    leaf: LogLeaf,
    seals: SealTimes,
    demo_loaded_at: datetime | None,
) -> str:
    """Return what is wrong with a sealed row of the continuity log; "" if nothing is."""
    if row is None:
        return "was sealed and is gone"
    if leaf_hash(row.canonical()) != bytes(leaf.leaf_hash):
        return "is not what was sealed"
    is_of_demo = is_written_by_demo(row.pk, row.written_at, demo_loaded_at=demo_loaded_at)
    times = EntryTimes(
        id=row.pk,
        index=leaf.index,
        at=None if is_of_demo else row.at,
        written_at=row.written_at,
    )
    return describe_time_faults(times, seals)
