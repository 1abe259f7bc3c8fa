"""Two append-only logs, "audit" and "continuity", as Merkle trees in PostgreSQL.

Many transactions write the rows at once, and a row is not in its log yet when it is written: a job
integrates the committed rows and signs a checkpoint. From then on anybody who has a checkpoint can
show that a row was changed or removed; `checkpoint_file` keeps the newest outside the database. A
row's place is the order of integration: the order of ids, except where a transaction committed
late.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import reduce
from itertools import islice
from operator import or_
from typing import Literal, TypeVar
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from bluelamp.foundation.kernel import clock
from bluelamp.foundation.kernel.database.locks import lock_until_commit
from bluelamp.foundation.kernel.database.write_guard import Exemption, writes_outside_commands
from bluelamp.foundation.kernel.merkle_log import checkpoint_file, merkle
from bluelamp.foundation.kernel.merkle_log.checkpoint import (
    BadNote,
    Checkpoint,
    SignerKey,
    VerifierKey,
    open_checkpoint,
)
from bluelamp.foundation.kernel.merkle_log.checkpoint import sign_checkpoint as sign
from bluelamp.foundation.kernel.merkle_log.key_change import KeyChange
from bluelamp.foundation.kernel.merkle_log.key_rotation import (
    begin_key_change,
    finish_key_change,
    is_replaced,
    key_periods,
    keys_at,
    signer,
)
from bluelamp.foundation.kernel.merkle_log.merkle import Node
from bluelamp.foundation.kernel.merkle_log.models import LogCheckpoint, LogLeaf, LogNode, LogStamp
from bluelamp.foundation.kernel.merkle_log.seal_history import WHAT_NEXT, signed_checkpoints

LogName = Literal["audit", "continuity"]
Row = TypeVar("Row", bound=Model)

_BATCH = 5000
# rows of a transaction that was open for longer are not integrated by themselves
_LONGEST_TRANSACTION = timedelta(days=1)


class LogBroken(Exception):
    """The stored tree no longer gives a root that was signed.

    Somebody changed it past the program, or an older database was restored.
    """


def integrate(*, log: LogName, entries: Iterable[tuple[UUID, bytes]]) -> int:
    """Add the entries that are not in the log yet, and return how many there were.

    Other writers of the same log wait until the current transaction ends.

    Args:
        log: The log to add to.
        entries: Each entry's id and its canonical bytes.
    """
    stream, added = iter(entries), 0
    with _lock_log(log):
        while batch := dict(islice(stream, _BATCH)):
            logged = LogLeaf.objects.filter(log=log, entry_id__in=batch)
            for entry_id in list(logged.values_list("entry_id", flat=True)):
                del batch[entry_id]
            _append(log, {entry_id: merkle.leaf_hash(entry) for entry_id, entry in batch.items()})
            added += len(batch)
    return added


def integrate_model(
    *, log: LogName, queryset: QuerySet[Row], canonical: Callable[[Row], bytes], whole: bool = False
) -> int:
    """Add the rows that are not in the log yet, and return how many there were.

    It looks back one day before the newest entry, which covers every transaction that was not open
    for longer. Where that entry is from the future, because a clock once ran ahead, it looks back
    one day from now. Each batch is a transaction of its own unless one is open already.

    Args:
        log: The log to add to.
        queryset: Rows with UUIDv7 keys.
        canonical: Returns the bytes of a row that the log vouches for.
        whole: Look at every row, however old.
    """
    added = 0
    while True:
        with _lock_log(log):
            # By the key, which has the time in it: no other index is needed to find the new ones.
            rows = queryset if whole else queryset.filter(pk__gte=_oldest_possible_new_id(log))
            logged = LogLeaf.objects.filter(log=log, entry_id=OuterRef("pk"))
            batch = list(rows.filter(~Exists(logged)).order_by("pk")[:_BATCH])
            _append(log, {row.pk: merkle.leaf_hash(canonical(row)) for row in batch})
        added += len(batch)
        if len(batch) < _BATCH:
            return added


def sign_checkpoint(*, log: LogName, at: datetime) -> LogCheckpoint:
    """Sign what the log is now, or return the checkpoint that already says so.

    Once committed, the checkpoint is saved outside the database too.

    Raises:
        LogBroken: The tree no longer gives the root of the last checkpoint, in the database or
            outside it.
    """
    with _lock_log(log):
        finish_key_change(log)
        if is_replaced(log):
            raise LogBroken(
                f"The {log} log's key was replaced on another node: copy its keys to this one."
            )
        check_against_checkpoint_file(log=log)
        size = _size(log)
        last = LogCheckpoint.objects.filter(log=log).order_by("-size").first()
        if last and (last.size > size or root_at(log=log, size=last.size) != bytes(last.root)):
            raise LogBroken(
                f"The {log} log no longer gives the root signed at {last.size} entries."
            )
        key = signer(log)
        if last is None or last.size != size:
            checkpoint = Checkpoint(origin=key.name, size=size, root=root_at(log=log, size=size))
            last = LogCheckpoint.objects.create(
                log=log, size=size, root=checkpoint.root, note=sign(checkpoint, key=key), at=at
            )
        if _is_signed_with(last, key=key.verifier):
            note = last.note.encode()
            # robust: it is committed; a full disk is logged and the next seal tries again
            transaction.on_commit(
                lambda: _save_outside_database(log, note=note, key=key, at=at), robust=True
            )
        return last


def _save_outside_database(log: LogName, *, note: bytes, key: SignerKey, at: datetime) -> None:
    checkpoint_file.save(note=note, key=key.verifier, at=at)
    checkpoint_file.extend_chain(
        key=key, read_after=lambda size: signed_checkpoints(log, after=size)
    )


def replace_key(*, log: LogName, at: datetime) -> KeyChange:
    """Replace a log's signing key once the transaction is committed. For use in a command.

    Raises:
        LogBroken: As `sign_checkpoint`.
    """
    with _lock_log(log):
        checkpoint = sign_checkpoint(log=log, at=at)
        change = begin_key_change(log=log, checkpoint=checkpoint, at=at)
        # robust: it is committed, and whoever seals next finishes it
        transaction.on_commit(lambda: _finish_key_change_locked(log), robust=True)
        return change


def _finish_key_change_locked(log: LogName) -> None:
    with _lock_log(log):
        finish_key_change(log)


def check_against_checkpoint_file(*, log: LogName, from_leaves: bool = False) -> int | None:
    """Check that a log still begins with what its checkpoint file says.

    Args:
        log: The log to check.
        from_leaves: Recompute the root from every leaf instead of believing the stored subtrees.

    Returns:
        How many entries the file vouches for; None if there is no file yet.

    Raises:
        LogBroken: Entries are missing or changed, or the file is not what this log's key signed.
    """
    try:
        saved = checkpoint_file.latest(key=signer(log).verifier)
    except (BadNote, OSError) as fault:
        raise LogBroken(
            f"The {log} log's checkpoint file cannot be read: {fault} {WHAT_NEXT}"
        ) from None
    if saved is None:
        return None
    size = _size(log)
    if size < saved.size:
        raise LogBroken(
            f"The {log} log has {size} entries and its checkpoint file says {saved.size}."
            f" {WHAT_NEXT}"
        )
    # The stored subtrees were written by whoever could write the leaves, so an audit does not
    # believe them.
    roots = recomputed_roots(log=log, sizes=[saved.size]) if from_leaves else None
    root = next(roots)[1] if roots else root_at(log=log, size=saved.size)
    if root != saved.root:
        raise LogBroken(
            f"The {log} log's first {saved.size} entries are not those that its checkpoint file"
            f" vouches for. {WHAT_NEXT}"
        )
    return saved.size


def verify_checkpoint_file(*, log: LogName) -> tuple[bool, str]:
    """Return whether a log, recomputed from its leaves, agrees with its checkpoint file, and a
    sentence about it.
    """
    if not is_key_accepted(log=log):
        return False, f"The {log} log was signed with another key. {WHAT_NEXT}"
    try:
        size = check_against_checkpoint_file(log=log, from_leaves=True)
    except LogBroken as fault:
        return False, str(fault)
    if size is None:
        return True, "there is none yet: the next seal writes it"
    history = checkpoint_file.history(key=signer(log).verifier)
    return True, "; ".join([f"{size} entries", *history])


def is_key_accepted(*, log: LogName) -> bool:
    """Say whether this node's key may sign a log.

    It may if it signed the newest checkpoint or any before, or was accepted in place of a lost one:
    both stand in the history of its checkpoint file. A second node with keys of its own may not.
    """
    key = signer(log).verifier
    newest = LogCheckpoint.objects.filter(log=log).order_by("-size").first()
    if newest is None or _is_signed_with(newest, key=key):
        return True
    try:
        predecessors = keys_at(key_periods(log), newest.size)
    except BadNote:
        predecessors = []
    # The newest was signed with the key that this one replaced, and nothing was sealed since.
    if any(_is_signed_with(newest, key=predecessor) for predecessor in predecessors):
        return True
    return bool(checkpoint_file.history(key=key))


def archive_checkpoint_file(*, log: LogName, at: datetime, reason: str) -> None:
    """Put a log's checkpoint file aside, because an older database or another key was restored."""
    checkpoint_file.archive(key=signer(log).verifier, at=at, reason=reason)


def stamp_checkpoint(
    *, checkpoint: LogCheckpoint, stamp: Callable[[bytes], bytes], at: datetime
) -> LogStamp:
    """Return the time stamp over a checkpoint, and get it first if there is none.

    Args:
        checkpoint: The checkpoint to be stamped.
        stamp: Asks the authority: takes the note, returns the response.
        at: The time now.
    """
    key = {"log": checkpoint.log, "size": checkpoint.size}
    existing = LogStamp.objects.filter(**key).first()
    if existing is None:
        response = stamp(checkpoint.note.encode())
        # another process may have got one while the authority answered: the first one counts
        with writes_outside_commands(Exemption.LOG_SEALING):
            existing, _ = LogStamp.objects.get_or_create(
                **key, defaults={"response": response, "at": at}
            )
    return existing


def root_at(*, log: LogName, size: int) -> bytes:
    """Return the root of the first `size` entries, from the stored subtrees.

    Raises:
        LogBroken: A subtree is missing.
    """
    nodes = stored_nodes(log, merkle.nodes_for_root(size=size))
    try:
        return merkle.root(size=size, get_node=merkle.make_node_getter(nodes))
    except KeyError:
        raise LogBroken(f"Subtrees of the {log} log's first {size} entries are missing.") from None


def recomputed_roots(*, log: LogName, sizes: Collection[int]) -> Iterator[tuple[int, bytes]]:
    """Yield (size, root) for each of `sizes` in order, from the leaves alone: slow and certain.

    Raises:
        LogBroken: Leaves are missing.
    """
    # the hash of each complete subtree that no larger one covers yet, by its level
    frontier: dict[int, bytes] = {}
    size = 0
    leaves = LogLeaf.objects.filter(log=log).order_by("index").values_list("index", "leaf_hash")
    stream = leaves.iterator(chunk_size=_BATCH)
    for target in sorted(set(sizes)):
        while size < target:
            index, digest = next(stream, (-1, b""))
            if index != size:
                raise LogBroken(f"Entry {size} is missing from the {log} log.")
            # Like adding one in binary: two subtrees of a size become one of the next, and so on.
            carry, level = bytes(digest), 0
            while level in frontier:
                carry, level = merkle.node_hash(frontier.pop(level), carry), level + 1
            frontier[level] = carry
            size += 1
        hashes = [frontier[level] for level in sorted(frontier)]
        root = reduce(
            lambda right, left: merkle.node_hash(left, right), hashes or [merkle.EMPTY_ROOT]
        )
        yield target, root


def unlogged_rows(*, log: LogName, queryset: QuerySet[Row]) -> list[UUID]:
    """Return the keys of up to a hundred rows that are not in the log and never will be.

    Their ids say that they were made a day or more before others that are in it, so
    `integrate_model` does not look at them: they were added past the program, or while the clock
    was wrong.
    """
    logged = LogLeaf.objects.filter(log=log, entry_id=OuterRef("pk"))
    old = queryset.filter(~Exists(logged), pk__lt=_oldest_possible_new_id(log)).order_by("pk")
    return list(old.values_list("pk", flat=True)[:100])


@contextmanager
def _lock_log(log: LogName) -> Iterator[None]:
    """Open a transaction in which nobody else writes this log. The lock ends with it."""
    with transaction.atomic(), writes_outside_commands(Exemption.LOG_SEALING):
        lock_until_commit(f"log {log}")
        yield


def _is_signed_with(checkpoint: LogCheckpoint, *, key: VerifierKey) -> bool:
    try:
        open_checkpoint(checkpoint.note.encode(), keys=[key])
    except BadNote:
        return False
    return True


def _size(log: LogName) -> int:
    last = (
        LogLeaf.objects.filter(log=log).order_by("-index").values_list("index", flat=True).first()
    )
    return 0 if last is None else last + 1


def _oldest_possible_new_id(log: LogName) -> UUID:
    """Return the smallest UUIDv7 that a row may have which is not in the log yet."""
    newest = (
        LogLeaf.objects.filter(log=log)
        .order_by("-entry_id")
        .values_list("entry_id", flat=True)
        .first()
    )
    # the first 48 bits of a UUIDv7 are its time in milliseconds
    milliseconds = min(newest.int >> 80, int(clock.now().timestamp() * 1000)) if newest else 0
    return UUID(int=max(0, milliseconds - _LONGEST_TRANSACTION // timedelta(milliseconds=1)) << 80)


def _append(log: LogName, leaves: dict[UUID, bytes]) -> None:
    """Write leaves and the nodes they complete.

    By COPY, which is ten times as fast as INSERT when an archive is imported.
    """
    size = _size(log)
    stored = stored_nodes(log, merkle.nodes_for_append(size=size, count=len(leaves)))
    new = merkle.append(
        size=size, leaves=list(leaves.values()), get_node=merkle.make_node_getter(stored)
    )
    with connection.cursor() as cursor:
        with cursor.copy("COPY log_leaf (log, index, entry_id, leaf_hash) FROM STDIN") as copy:
            for offset, (entry_id, digest) in enumerate(leaves.items()):
                copy.write_row((log, size + offset, entry_id, digest))
        with cursor.copy("COPY log_node (log, level, index, hash) FROM STDIN") as copy:
            for (level, index), digest in new.items():
                # Level 0 are the leaves, which have a table of their own.
                if level:
                    copy.write_row((log, level, index, digest))


def stored_nodes(log: LogName, nodes: Iterable[Node]) -> dict[Node, bytes]:
    """Return the hashes of stored nodes, in two queries. A node that is missing is left out."""
    by_level: dict[int, list[int]] = {}
    for level, index in nodes:
        by_level.setdefault(level, []).append(index)
    # Level 0 is the leaves, which have a table of their own.
    leaves = LogLeaf.objects.filter(log=log, index__in=by_level.pop(0, []))
    hashes = {(0, leaf.index): bytes(leaf.leaf_hash) for leaf in leaves}
    if by_level:
        places = reduce(
            or_, (Q(level=level, index__in=indexes) for level, indexes in by_level.items())
        )
        rows = LogNode.objects.filter(places, log=log)
        hashes |= {(row.level, row.index): bytes(row.hash) for row in rows}
    return hashes
