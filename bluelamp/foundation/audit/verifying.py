"""Verifying that the audit record is whole: `bluelamp audit verify`."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.check import Check
from bluelamp.foundation.kernel.client_address import rate_limit_key
from bluelamp.foundation.kernel.merkle_log import log
from bluelamp.foundation.kernel.merkle_log.checkpoint import BadNote, open_checkpoint
from bluelamp.foundation.kernel.merkle_log.entry_times import (
    EntryTimes,
    SealTimes,
    describe_time_faults,
    time_of_id,
)
from bluelamp.foundation.kernel.merkle_log.key_change import KeyPeriod
from bluelamp.foundation.kernel.merkle_log.key_rotation import key_periods, keys_at, signer
from bluelamp.foundation.kernel.merkle_log.merkle import leaf_hash
from bluelamp.foundation.kernel.merkle_log.models import LogCheckpoint, LogLeaf
from bluelamp.foundation.kernel.merkle_log.seal_history import seal_times, verify_checkpoint_chain

MAX_NAMED = 20  # entries that a failed check names; the rest are only counted
_BATCH = 2000
# The first start of a demonstration, from its first entry to its last, on a slow machine.
_LONGEST_FIRST_START = timedelta(hours=2)


def verify_audit_log() -> Iterator[Check]:
    """Check the record against its log: checkpoints' signatures and roots, and every entry's hash
    and times.

    Whoever may write the database past the triggers could remove the newest entries together with
    every checkpoint over them: the checkpoint file outside the database shows that, for what was
    sealed.
    """
    yield Check(
        "the checkpoint file outside the database", *log.verify_checkpoint_file(log="audit")
    )
    yield Check(
        "the chain of checkpoints outside the database",
        *verify_checkpoint_chain(key=signer("audit"), log="audit"),
    )
    checkpoints = list(LogCheckpoint.objects.filter(log="audit").order_by("size"))
    try:
        periods = key_periods("audit")
    except BadNote as fault:
        yield Check("the keys of the log follow one another", False, str(fault))
        # Go on with today's key, so that the report names every fault and not only the first.
        periods = [KeyPeriod(signer("audit").verifier)]
    else:
        names = ", ".join(period.key.key_id.hex() for period in periods)
        yield Check("the keys of the log follow one another", True, names)
    signed_roots: dict[int, bytes] = {}
    for checkpoint in checkpoints:
        name = f"checkpoint at {checkpoint.size} entries"
        try:
            keys = keys_at(periods, checkpoint.size)
            opened = open_checkpoint(checkpoint.note.encode(), keys=keys)
        except BadNote as fault:
            yield Check(name, False, str(fault))
            continue
        signed_roots[opened.size] = opened.root
        yield Check(f"{name}: signature", opened.size == checkpoint.size)
    try:
        for size, root in log.recomputed_roots(log="audit", sizes=list(signed_roots)):
            yield Check(f"checkpoint at {size} entries: root", root == signed_roots[size])
    except log.LogBroken as fault:
        yield Check("the log has every entry", False, str(fault))
    seals = seal_times("audit")
    faults = seals.describe_disorder()
    yield Check("the log was sealed in the order of time", not faults, faults)
    yield from _check_entries_against_leaves(seals)
    unlogged = log.unlogged_rows(log="audit", queryset=AuditEntry.objects.all())
    yield Check("no entry was added behind the seal", not unlogged, _list_ids(unlogged))
    # Entries are written first and logged later, so there are never more leaves than entries.
    unsealed = AuditEntry.objects.count() - LogLeaf.objects.filter(log="audit").count()
    yield Check("no entry was removed", unsealed >= 0, f"{max(unsealed, 0)} not yet sealed")


def find_demo_load() -> datetime | None:
    """Return when the demonstration force was loaded, None where it was not.

    Its invented crimes were recorded over the weeks before, so the times of what it wrote cannot
    agree. It counts only in a log that begins with it: nobody can excuse an entry of a real force
    by loading the demonstration.
    """
    load = AuditEntry.objects.filter(act="demo.loaded", result=AuditEntry.Result.DONE)
    # Ids are made in the order of time (UUIDv7), and cannot be changed unseen.
    first_load = load.order_by("pk").first()
    first_id = AuditEntry.objects.order_by("pk").values_list("pk", flat=True).first()
    began_at = time_of_id(first_id) if first_id else None
    if first_load is None or began_at is None:
        return None
    loaded_at = first_load.written_at or time_of_id(first_load.pk)
    is_first_start = loaded_at is not None and loaded_at - began_at < _LONGEST_FIRST_START
    return loaded_at if is_first_start else None


def is_written_by_demo(
    entry_id: UUID, written_at: datetime | None, *, demo_loaded_at: datetime | None
) -> bool:
    """Say whether an entry of any log was written while the demonstration force was loaded."""
    written_at = written_at or time_of_id(entry_id)
    return bool(demo_loaded_at and written_at and written_at <= demo_loaded_at)


def _check_entries_against_leaves(seals: SealTimes) -> Iterator[Check]:
    changed: list[UUID] = []
    missing: list[UUID] = []
    misdated: list[tuple[UUID, str]] = []
    demo_loaded_at = find_demo_load()
    checked, last_index = 0, -1
    while leaves := list(
        LogLeaf.objects.filter(log="audit", index__gt=last_index).order_by("index")[:_BATCH]
    ):
        entries = AuditEntry.objects.in_bulk([leaf.entry_id for leaf in leaves])
        for leaf in leaves:
            entry = entries.get(leaf.entry_id)
            if entry is None:
                missing.append(leaf.entry_id)
            elif not _matches_leaf(entry, leaf):
                changed.append(leaf.entry_id)
            elif fault := _describe_time_faults(entry, leaf.index, seals, demo_loaded_at):
                misdated.append((leaf.entry_id, fault))
        checked += len(leaves)
        last_index = leaves[-1].index
    yield Check(f"{checked} entries as they were written", not changed, _list_ids(changed))
    yield Check("every sealed entry is there", not missing, _list_ids(missing))
    for entry_id, fault in misdated[:MAX_NAMED]:
        yield Check(f"entry {entry_id}", False, fault)
    yield Check(
        "the times of every entry agree",
        not misdated,
        f"{len(misdated)} entries do not" if misdated else "",
    )


def _matches_leaf(entry: AuditEntry, leaf: LogLeaf) -> bool:
    """Say whether an entry is what was sealed.

    The key of rate limits is not sealed, because it follows from the address, which is.
    """
    return leaf_hash(entry.canonical()) == bytes(
        leaf.leaf_hash
    ) and entry.rate_limit_key == rate_limit_key(entry.address)


def _describe_time_faults(
    entry: AuditEntry, index: int, seals: SealTimes, demo_loaded_at: datetime | None
) -> str:
    is_of_demo = is_written_by_demo(entry.pk, entry.written_at, demo_loaded_at=demo_loaded_at)
    times = EntryTimes(
        id=entry.pk,
        index=index,
        at=None if is_of_demo else entry.at,
        written_at=entry.written_at,
    )
    return describe_time_faults(times, seals)


def _list_ids(ids: list[UUID]) -> str:
    return " ".join(str(entry_id) for entry_id in ids[:MAX_NAMED])
