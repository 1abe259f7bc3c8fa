"""The Merkle tree of RFC 9162, section 2.1, as pure functions without Django or I/O.

A *node* `(level, index)` is the hash of the complete subtree over leaves `index << level` up to
`(index + 1) << level`; level 0 holds the leaf hashes. Complete nodes never change as the tree
grows, so each is stored once, and every function here reads O(log n) of them.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence

Node = tuple[int, int]
GetNode = Callable[[int, int], bytes]

EMPTY_ROOT = hashlib.sha256(b"").digest()
HASH_SIZE = 32


def leaf_hash(entry: bytes) -> bytes:
    """Hash one log entry (RFC 9162, 2.1.1: `SHA-256(0x00 || entry)`)."""
    # The first byte keeps leaves and nodes apart: without it somebody could present two hashes as
    # an entry (RFC 9162, 2.1.1).
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two child nodes (RFC 9162, 2.1.1: `SHA-256(0x01 || left || right)`)."""
    # Leaves are hashed with 0x00 in front, so that no leaf can pass for a node.
    return hashlib.sha256(b"\x01" + left + right).digest()


def append(*, size: int, leaves: Sequence[bytes], get_node: GetNode) -> dict[Node, bytes]:
    """Add leaf hashes to a tree of `size` leaves, and return the nodes that are then complete.

    The leaves are among them. `get_node` is called for at most one stored node per level.
    """
    new: dict[Node, bytes] = {(0, size + offset): leaf for offset, leaf in enumerate(leaves)}
    level = 0
    grown = size + len(leaves)
    # As long as there is a pair of complete nodes at this level, whose parent is then complete.
    while grown >> (level + 1):
        for index in range(size >> (level + 1), grown >> (level + 1)):
            # Only the first left child of a level can be an old one: the others were made here.
            left = new.get((level, 2 * index)) or get_node(level, 2 * index)
            new[level + 1, index] = node_hash(left, new[level, 2 * index + 1])
        level += 1
    return new


def root(*, size: int, get_node: GetNode) -> bytes:
    """Return the root hash of the first `size` leaves."""
    return _range_hash(0, size, get_node) if size else EMPTY_ROOT


def inclusion_proof(*, index: int, size: int, get_node: GetNode) -> list[bytes]:
    """Prove that leaf `index` is in the tree of `size` leaves (RFC 9162, 2.1.3.1).

    Raises:
        ValueError: The tree has no such leaf.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    path: list[bytes] = []
    start, count = 0, size
    while count > 1:
        split = _split(count)
        if index - start < split:
            path.append(_range_hash(start + split, count - split, get_node))
            count = split
        else:
            path.append(_range_hash(start, split, get_node))
            start, count = start + split, count - split
    return path[::-1]


def consistency_proof(*, old_size: int, size: int, get_node: GetNode) -> list[bytes]:
    """Prove that a tree of `size` leaves begins with that of `old_size` (RFC 9162, 2.1.4.1).

    Raises:
        ValueError: Unless `0 < old_size <= size`.
    """
    if not 0 < old_size <= size:
        raise ValueError(f"a tree of {size} leaves cannot extend one of {old_size}")
    path: list[bytes] = []
    # `old_is_whole` is RFC 9162's b: whoever checks the proof has the old root already, so it is
    # left out where the old tree is itself a complete subtree.
    start, count, old_is_whole = 0, size, True
    while start + count != old_size:
        split = _split(count)
        if old_size <= start + split:
            path.append(_range_hash(start + split, count - split, get_node))
            count = split
        else:
            path.append(_range_hash(start, split, get_node))
            start, count, old_is_whole = start + split, count - split, False
    if not old_is_whole:
        path.append(_range_hash(start, count, get_node))
    return path[::-1]


def verify_inclusion(
    *, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root_hash: bytes
) -> bool:
    """Say whether a proof shows a leaf at `index` under a root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    position, last, computed = index, size - 1, leaf
    for sibling in proof:
        # The proof has more hashes than the tree has levels.
        if last == 0:
            return False
        if position & 1 or position == last:
            computed = node_hash(sibling, computed)
            # On the right edge a subtree may have no partner at a level: go up to where it has.
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and computed == root_hash


def verify_consistency(
    *, old_size: int, size: int, old_root: bytes, root_hash: bytes, proof: Sequence[bytes]
) -> bool:
    """Say whether a proof shows that one tree extends another (RFC 9162, 2.1.4.2)."""
    if not 0 < old_size <= size:
        return False
    if old_size == size:
        return not proof and old_root == root_hash
    # A power of two: the old tree is one complete subtree, whose hash is the old root.
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    if not path:
        return False
    position, last = old_size - 1, size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old_computed = computed = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old_computed = node_hash(sibling, old_computed)
            computed = node_hash(sibling, computed)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            computed = node_hash(computed, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and old_computed == old_root and computed == root_hash


def nodes_for_append(*, size: int, count: int) -> list[Node]:
    """Return the stored nodes that `append` will read for `count` more leaves."""
    grown = size + count
    return [
        (level, (size >> level) - 1)
        for level in range(grown.bit_length())
        if (size >> level) & 1 and grown >> (level + 1) > size >> (level + 1)
    ]


def nodes_for_inclusion(*, index: int, size: int) -> list[Node]:
    """Return the stored nodes that `inclusion_proof` will read, to fetch them all at once."""
    return _nodes_read_by(
        lambda get_node: inclusion_proof(index=index, size=size, get_node=get_node)
    )


def nodes_for_consistency(*, old_size: int, size: int) -> list[Node]:
    """Return the stored nodes that `consistency_proof` will read."""
    return _nodes_read_by(
        lambda get_node: consistency_proof(old_size=old_size, size=size, get_node=get_node)
    )


def nodes_for_root(*, size: int) -> list[Node]:
    """Return the stored nodes that `root` will read."""
    return _nodes_read_by(lambda get_node: root(size=size, get_node=get_node))


def make_node_getter(nodes: Mapping[Node, bytes]) -> GetNode:
    """Return a `get_node` that reads a mapping in memory."""
    return lambda level, index: nodes[level, index]


def _nodes_read_by(function: Callable[[GetNode], object]) -> list[Node]:
    """Run a function with a fake `get_node`, and return the nodes that it read."""
    nodes: list[Node] = []

    def record_node(level: int, index: int) -> bytes:
        nodes.append((level, index))
        return b""

    function(record_node)
    return nodes


def _split(count: int) -> int:
    """Return the largest power of two below `count` (RFC 9162's k)."""
    return 1 << ((count - 1).bit_length() - 1)


def _range_hash(start: int, count: int, get_node: GetNode) -> bytes:
    """Hash `count` leaves from `start`, a multiple of the power of two at or above `count`."""
    # A power of two is a whole subtree, whose hash is stored.
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return get_node(level, start >> level)
    split = _split(count)
    return node_hash(
        _range_hash(start, split, get_node), _range_hash(start + split, count - split, get_node)
    )
