"""Proofs from the stored logs: that an entry is in one, and that one extends an older one."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from bluelamp.foundation.kernel.merkle_log import merkle
from bluelamp.foundation.kernel.merkle_log.log import LogName, stored_nodes
from bluelamp.foundation.kernel.merkle_log.models import LogLeaf


@dataclass(frozen=True)
class Proof:
    """Proves that the entry hashed in `leaf` is number `index`, from 0, of a log's first `size`."""

    entry_id: UUID
    index: int
    size: int
    leaf: bytes
    hashes: list[bytes]


def prove(*, log: LogName, entry_id: UUID, size: int) -> Proof:
    """Prove one entry; see `prove_all`."""
    return prove_all(log=log, entry_ids=[entry_id], size=size)[entry_id]


def prove_all(*, log: LogName, entry_ids: Collection[UUID], size: int) -> dict[UUID, Proof]:
    """Prove that entries are among the first `size` of the log.

    It takes three queries, however many entries there are.

    Raises:
        LookupError: One of them is not.
    """
    leaves = {
        leaf.entry_id: leaf
        for leaf in LogLeaf.objects.filter(log=log, index__lt=size, entry_id__in=list(entry_ids))
    }
    if missing := set(entry_ids) - leaves.keys():
        raise LookupError(f"{len(missing)} entries are not among the first {size} of the {log} log")
    needed = [
        node
        for leaf in leaves.values()
        for node in merkle.nodes_for_inclusion(index=leaf.index, size=size)
    ]
    get_node = merkle.make_node_getter(stored_nodes(log, needed))
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
    """Prove that the log at `size` begins with the log at `old_size`.

    Raises:
        ValueError: Unless `0 < old_size <= size`.
    """
    nodes = stored_nodes(log, merkle.nodes_for_consistency(old_size=old_size, size=size))
    return merkle.consistency_proof(
        old_size=old_size, size=size, get_node=merkle.make_node_getter(nodes)
    )
