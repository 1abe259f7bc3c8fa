"""Two append-only logs, "audit" and "continuity", as Merkle trees in PostgreSQL.

Rows are written by many transactions at once and are not yet in a log; a job integrates the
committed ones and signs a checkpoint. From then on whoever kept a checkpoint can show that a row
was changed or removed: `witness` keeps the newest outside the database. A row's place is the order
of integration: that of ids, except where a transaction committed late.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from itertools import islice
from operator import or_
from typing import Literal, TypeVar
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from bluelamp.foundation.kernel import clock, merkle, witness
from bluelamp.foundation.kernel.checkpoint import BadNote, Checkpoint, SignerKey, load_or_create_key
from bluelamp.foundation.kernel.checkpoint import sign_checkpoint as sign
from bluelamp.foundation.kernel.log_models import LogCheckpoint, LogLeaf, LogNode, LogStamp
from bluelamp.foundation.kernel.merkle import Node

LogName = Literal["audit", "continuity"]
Row = TypeVar("Row", bound=Model)

_BATCH = 5000
_LONGEST_TRANSACTION = timedelta(days=1)
_WHAT_NEXT = (
    "Entries were removed or changed, or an older database or another key was restored: if you know that it was, run "
    "`bluelamp audit restored`; if not, keep everything as it is and call whoever answers for security."
)


class LogBroken(Exception):
    """The stored tree no longer gives a root that was signed: someone changed it past the program,
    or an older database was restored.
    """


@dataclass(frozen=True)
class Proof:
    """Shows that the entry hashed in `leaf` is number `index` (from 0) of a log's first `size`."""

    entry_id: UUID
    index: int
    size: int
    leaf: bytes
    hashes: list[bytes]


def integrate(*, log: LogName, entries: Iterable[tuple[UUID, bytes]]) -> int:
    """Add entries (id and canonical bytes) that are not yet in the log; return how many were new.

    Other writers of the same log wait until the present transaction ends.
    """
    stream, added = iter(entries), 0
    with _alone(log):
        while batch := dict(islice(stream, _BATCH)):
            known = LogLeaf.objects.filter(log=log, entry_id__in=batch).values_list(
                "entry_id", flat=True
            )
            for entry_id in list(known):
                del batch[entry_id]
            _append(log, {entry_id: merkle.leaf_hash(entry) for entry_id, entry in batch.items()})
            added += len(batch)
    return added


def integrate_model(
    *, log: LogName, queryset: QuerySet[Row], canonical: Callable[[Row], bytes], whole: bool = False
) -> int:
    """Add the rows of `queryset` (UUIDv7 keys) that are not yet in the log; return how many were
    new.

    Looks back one day before the newest entry, or before now where that is earlier (a clock that
    once ran ahead), which covers every transaction that was not open for longer; `whole` looks at
    every row. Each batch is a transaction of its own unless one is open already.
    """
    added = 0
    while True:
        with _alone(log):
            rows = queryset if whole else queryset.filter(pk__gte=_recent(log))
            logged = LogLeaf.objects.filter(log=log, entry_id=OuterRef("pk"))
            batch = list(rows.filter(~Exists(logged)).order_by("pk")[:_BATCH])
            _append(log, {row.pk: merkle.leaf_hash(canonical(row)) for row in batch})
        added += len(batch)
        if len(batch) < _BATCH:
            return added


def sign_checkpoint(*, log: LogName, at: datetime) -> LogCheckpoint:
    """Sign what the log is now, or return the checkpoint that already says so; once committed, the
    witness has it too.

    Raises:
        LogBroken: if the tree no longer gives the root of the last checkpoint, here or outside the database.
    """
    with _alone(log):
        hold_to_witness(log=log)
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
        note = last.note.encode()
        # robust: what was signed stands; a full disk is logged, and the next seal tries again
        transaction.on_commit(
            lambda: witness.keep(log=log, note=note, key=key.verifier, at=at), robust=True
        )
        return last


def hold_to_witness(*, log: LogName, from_leaves: bool = False) -> int | None:
    """Return how many entries the witness outside the database saw; None when nothing was kept yet.

    `from_leaves` recomputes the root instead of believing the stored subtrees.

    Raises:
        LogBroken: if they are no longer all there as they were, or the file is not what this log's key signed.
    """
    try:
        seen = witness.newest(log=log, key=signer(log).verifier)
    except (BadNote, OSError) as fault:
        raise LogBroken(f"The {log} log's witness cannot be read: {fault} {_WHAT_NEXT}") from None
    if seen is None:
        return None
    size = _size(log)
    if size < seen.size:
        raise LogBroken(
            f"The {log} log has {size} entries and its witness saw {seen.size}. {_WHAT_NEXT}"
        )
    roots = recomputed_roots(log=log, sizes=[seen.size]) if from_leaves else None
    root = next(roots)[1] if roots else root_at(log=log, size=seen.size)
    if root != seen.root:
        raise LogBroken(
            f"The {log} log's first {seen.size} entries are not those its witness saw. {_WHAT_NEXT}"
        )
    return seen.size


def told_by_witness(*, log: LogName) -> tuple[bool, str]:
    """Say whether a log, recomputed from its leaves, is what its witness saw, and in words what the
    witness knows.
    """
    try:
        seen = hold_to_witness(log=log, from_leaves=True)
    except LogBroken as fault:
        return False, str(fault)
    if seen is None:
        return True, "nothing was kept so far: it begins with the next seal"
    return True, "; ".join([f"{seen} entries", *witness.history(log=log)])


def stamp_checkpoint(
    *, checkpoint: LogCheckpoint, stamp: Callable[[bytes], bytes], at: datetime
) -> LogStamp:
    """Return the stamp over a checkpoint's note; `stamp` (note to response) is asked if there is
    none.
    """
    place = {"log": checkpoint.log, "size": checkpoint.size}
    known = LogStamp.objects.filter(**place).first()
    if known is None:
        fresh = {"response": stamp(checkpoint.note.encode()), "at": at}
        known, _ = LogStamp.objects.get_or_create(**place, defaults=fresh)
    return known


def prove(*, log: LogName, entry_id: UUID, size: int) -> Proof:
    """Prove one entry; see `prove_all`."""
    return prove_all(log=log, entry_ids=[entry_id], size=size)[entry_id]


def prove_all(*, log: LogName, entry_ids: Collection[UUID], size: int) -> dict[UUID, Proof]:
    """Prove that entries are among the first `size` of the log, in three queries however many they
    are.

    Raises:
        LookupError: if one of them is not.
    """
    leaves = {
        leaf.entry_id: leaf
        for leaf in LogLeaf.objects.filter(log=log, index__lt=size, entry_id__in=list(entry_ids))
    }
    if missing := set(entry_ids) - leaves.keys():
        raise LookupError(f"{len(missing)} entries are not among the first {size} of the {log} log")
    asked = [
        node
        for leaf in leaves.values()
        for node in merkle.nodes_for_inclusion(index=leaf.index, size=size)
    ]
    get_node = merkle.getter(_nodes(log, asked))
    return {
        entry_id: Proof(
            entry_id=entry_id,
            index=leaf.index,
            size=size,
            leaf=bytes(leaf.leaf_hash),
            hashes=merkle.inclusion_proof(index=leaf.index, size=size, get_node=get_node),
        )
        for entry_id, leaf in leaves.items()
    }


def prove_extension(*, log: LogName, old_size: int, size: int) -> list[bytes]:
    """Prove that the log at `size` begins with the log at `old_size`; raises ValueError if it
    cannot.
    """
    nodes = _nodes(log, merkle.nodes_for_consistency(old_size=old_size, size=size))
    return merkle.consistency_proof(old_size=old_size, size=size, get_node=merkle.getter(nodes))


def root_at(*, log: LogName, size: int) -> bytes:
    """Return the root of the first `size` entries, from the stored subtrees; raises LogBroken if
    one is missing.
    """
    nodes = _nodes(log, merkle.nodes_for_root(size=size))
    try:
        return merkle.root(size=size, get_node=merkle.getter(nodes))
    except KeyError:
        raise LogBroken(f"Subtrees of the {log} log's first {size} entries are missing.") from None


def recomputed_roots(*, log: LogName, sizes: Collection[int]) -> Iterator[tuple[int, bytes]]:
    """Yield (size, root) for each of `sizes` in order, from the leaves alone: the slow and certain
    way.

    Raises:
        LogBroken: if leaves are missing.
    """
    wanted, frontier, size = sorted(set(sizes)), dict[int, bytes](), 0
    leaves = LogLeaf.objects.filter(log=log).order_by("index").values_list("index", "leaf_hash")
    stream = leaves.iterator(chunk_size=_BATCH)
    for target in wanted:
        while size < target:
            index, digest = next(stream, (-1, b""))
            if index != size:
                raise LogBroken(f"Entry {size} is missing from the {log} log.")
            carry, level = bytes(digest), 0
            while level in frontier:
                carry, level = merkle.node_hash(frontier.pop(level), carry), level + 1
            frontier[level] = carry
            size += 1
        hashes = [frontier[level] for level in sorted(frontier)]
        yield (
            target,
            reduce(
                lambda right, left: merkle.node_hash(left, right), hashes or [merkle.EMPTY_ROOT]
            ),
        )


def signer(log: LogName) -> SignerKey:
    """Return the log's key, made at first use and kept in `keys/` under BLUELAMP_VAR."""
    return load_or_create_key(folder=settings.BLUELAMP_VAR / "keys", name=f"bluelamp/{log}")


def left_out(*, log: LogName, queryset: QuerySet[Row]) -> list[UUID]:
    """Return the first hundred rows that are not in the log and that `integrate_model` will not
    bring in by itself.

    Their ids say that they were made a day or more before others that are in it: they came past the
    program, or were written while the clock was wrong.
    """
    logged = LogLeaf.objects.filter(log=log, entry_id=OuterRef("pk"))
    old = queryset.filter(~Exists(logged), pk__lt=_recent(log)).order_by("pk")
    return list(old.values_list("pk", flat=True)[:100])


@contextmanager
def _alone(log: LogName) -> Iterator[None]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"bluelamp log {log}"])
        yield


def _size(log: LogName) -> int:
    last = (
        LogLeaf.objects.filter(log=log).order_by("-index").values_list("index", flat=True).first()
    )
    return 0 if last is None else last + 1


def _recent(log: LogName) -> UUID:
    """Return the smallest UUIDv7 that a row not yet in the log may have."""
    newest = (
        LogLeaf.objects.filter(log=log)
        .order_by("-entry_id")
        .values_list("entry_id", flat=True)
        .first()
    )
    milliseconds = min(newest.int >> 80, int(clock.now().timestamp() * 1000)) if newest else 0
    return UUID(int=max(0, milliseconds - _LONGEST_TRANSACTION // timedelta(milliseconds=1)) << 80)


def _append(log: LogName, leaves: dict[UUID, bytes]) -> None:
    """Write leaves and the nodes they complete, by COPY: ten times quicker than inserts when an
    archive comes in.
    """
    size = _size(log)
    known = _nodes(log, merkle.nodes_for_append(size=size, count=len(leaves)))
    new = merkle.append(size=size, leaves=list(leaves.values()), get_node=merkle.getter(known))
    with connection.cursor() as cursor:
        with cursor.copy("COPY log_leaf (log, index, entry_id, leaf_hash) FROM STDIN") as copy:
            for offset, (entry_id, digest) in enumerate(leaves.items()):
                copy.write_row((log, size + offset, entry_id, digest))
        with cursor.copy("COPY log_node (log, level, index, hash) FROM STDIN") as copy:
            for (level, index), digest in new.items():
                if level:
                    copy.write_row((log, level, index, digest))


def _nodes(log: LogName, asked: Iterable[Node]) -> dict[Node, bytes]:
    """Fetch nodes in two queries; a missing one is missing from the answer."""
    by_level: dict[int, list[int]] = {}
    for level, index in asked:
        by_level.setdefault(level, []).append(index)
    leaves = LogLeaf.objects.filter(log=log, index__in=by_level.pop(0, []))
    found = {(0, leaf.index): bytes(leaf.leaf_hash) for leaf in leaves}
    if by_level:
        places = reduce(
            or_, (Q(level=level, index__in=indexes) for level, indexes in by_level.items())
        )
        nodes = LogNode.objects.filter(places, log=log)
        found |= {(node.level, node.index): bytes(node.hash) for node in nodes}
    return found
