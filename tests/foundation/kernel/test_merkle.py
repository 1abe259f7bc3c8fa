"""The tree against RFC 9162's definition, Certificate Transparency's published values, and
adversaries.
"""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bluelamp.foundation.kernel.merkle_log import merkle

# The eight entries, roots and paths that Certificate Transparency implementations share
# (certificate-transparency, merkletree/merkle_tree_test.cc).
ENTRIES = [
    bytes.fromhex(entry)
    for entry in [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


class Tree:
    """A tree grown in steps, in memory."""

    def __init__(self) -> None:
        self.size = 0
        self.nodes: dict[merkle.Node, bytes] = {}

    def grow(self, leaves: Sequence[bytes]) -> None:
        nodes = merkle.nodes_for_append(size=self.size, count=len(leaves))
        new = merkle.append(
            size=self.size,
            leaves=leaves,
            get_node=merkle.make_node_getter({node: self.nodes[node] for node in nodes}),
        )
        assert not self.nodes.keys() & new.keys()
        self.nodes |= new
        self.size += len(leaves)


def of(count: int) -> Tree:
    tree = Tree()
    tree.grow([merkle.leaf_hash(number.to_bytes(4, "big")) for number in range(count)])
    return tree


def root_by_definition(leaves: Sequence[bytes]) -> bytes:
    """RFC 9162, 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(
        b"\x01" + root_by_definition(leaves[:split]) + root_by_definition(leaves[split:])
    ).digest()


def test_it_works() -> None:
    tree = of(7)
    root = merkle.root(size=7, get_node=merkle.make_node_getter(tree.nodes))
    proof = merkle.inclusion_proof(index=6, size=7, get_node=merkle.make_node_getter(tree.nodes))
    assert merkle.verify_inclusion(
        leaf=tree.nodes[0, 6], index=6, size=7, proof=proof, root_hash=root
    )


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_the_published_ones(size: int) -> None:
    tree = Tree()
    tree.grow([merkle.leaf_hash(entry) for entry in ENTRIES[:size]])
    assert (
        merkle.root(size=size, get_node=merkle.make_node_getter(tree.nodes)).hex()
        == ROOTS[size - 1]
    )


def test_proofs_are_the_published_ones() -> None:
    tree = Tree()
    tree.grow([merkle.leaf_hash(entry) for entry in ENTRIES])
    inclusion = merkle.inclusion_proof(
        index=5, size=8, get_node=merkle.make_node_getter(tree.nodes)
    )
    assert [sibling.hex() for sibling in inclusion] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]
    consistency = merkle.consistency_proof(
        old_size=6, size=8, get_node=merkle.make_node_getter(tree.nodes)
    )
    assert [sibling.hex() for sibling in consistency] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


def test_the_empty_tree_has_the_hash_of_nothing() -> None:
    assert merkle.root(size=0, get_node=merkle.make_node_getter({})).hex() == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )


@given(steps=st.lists(st.integers(0, 40), max_size=6))
def test_growing_in_steps_gives_the_tree_of_the_definition(steps: list[int]) -> None:
    tree, leaves = Tree(), list[bytes]()
    for step in steps:
        new = [merkle.leaf_hash(f"{len(leaves)}.{number}".encode()) for number in range(step)]
        tree.grow(new)
        leaves += new
        nodes = merkle.nodes_for_root(size=tree.size)
        get_node = merkle.make_node_getter({node: tree.nodes[node] for node in nodes})
        assert merkle.root(size=tree.size, get_node=get_node) == root_by_definition(leaves)


@given(data=st.data(), size=st.integers(1, 200))
def test_every_leaf_can_be_proven_and_nothing_else(data: st.DataObject, size: int) -> None:
    tree = of(size)
    index = data.draw(st.integers(0, size - 1))
    nodes = merkle.nodes_for_inclusion(index=index, size=size)
    proof = merkle.inclusion_proof(
        index=index,
        size=size,
        get_node=merkle.make_node_getter({node: tree.nodes[node] for node in nodes}),
    )
    root = merkle.root(size=size, get_node=merkle.make_node_getter(tree.nodes))
    leaf = tree.nodes[0, index]

    def holds(*, leaf: bytes = leaf, index: int = index, proof: list[bytes] = proof) -> bool:
        return merkle.verify_inclusion(
            leaf=leaf, index=index, size=size, proof=proof, root_hash=root
        )

    assert holds()
    assert not holds(leaf=bytes([leaf[0] ^ 1]) + leaf[1:])
    other = data.draw(st.integers(-1, size))
    assert holds(index=other) == (other == index)
    assert not holds(proof=[*proof, leaf])
    if proof:
        assert not holds(proof=proof[:-1])


@given(data=st.data(), size=st.integers(1, 200))
def test_an_older_tree_is_shown_to_be_the_beginning_of_a_newer(
    data: st.DataObject, size: int
) -> None:
    tree = of(size)
    old_size = data.draw(st.integers(1, size))
    get_node = merkle.make_node_getter(tree.nodes)
    old_root, root = (
        merkle.root(size=old_size, get_node=get_node),
        merkle.root(size=size, get_node=get_node),
    )
    nodes = merkle.nodes_for_consistency(old_size=old_size, size=size)
    proof = merkle.consistency_proof(
        old_size=old_size,
        size=size,
        get_node=merkle.make_node_getter({node: tree.nodes[node] for node in nodes}),
    )

    def holds(
        *, old_root: bytes = old_root, root: bytes = root, proof: list[bytes] = proof
    ) -> bool:
        return merkle.verify_consistency(
            old_size=old_size, size=size, old_root=old_root, root_hash=root, proof=proof
        )

    forged = bytes([root[0] ^ 1]) + root[1:]
    assert holds()
    assert not holds(root=forged)
    assert not holds(old_root=forged)
    assert not holds(proof=[*proof, root])


def test_proofs_of_a_large_tree_read_few_nodes() -> None:
    size = 20_000_001
    assert len(merkle.nodes_for_inclusion(index=13_579_246, size=size)) <= 2 * 25
    assert len(merkle.nodes_for_append(size=size, count=1)) <= 25
    assert len(merkle.nodes_for_consistency(old_size=19_999_999, size=size)) <= 3 * 25


@pytest.mark.parametrize(("index", "size"), [(0, 0), (5, 5), (-1, 5)])
def test_a_leaf_that_is_not_there_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_proof(index=index, size=size, get_node=merkle.make_node_getter({}))
