"""What a Bluelamp package asks beyond RFC 8493: which files there may be outside data/, that all of
them are there, and that no bit of them can be written two ways.
"""

import re
from collections.abc import Collection, Iterator

from bluelamp.foundation.kernel.check import Check
from bluelamp.records.evidence.bag import (
    ALGORITHMS,
    DECLARATION,
    PAYLOAD_MANIFESTS,
    SIGNED_MANIFEST,
    TAG_MANIFESTS,
    manifest_text,
)
from bluelamp.records.evidence.verify.bagit import Bag
from bluelamp.records.evidence.verify.check import Unreadable, failure, success
from bluelamp.records.evidence.verify.seal import PACKAGE_PROOF
from bluelamp.records.evidence.verify.source import read_file

REQUIRED = (
    "bag-info.txt",
    "bagit.txt",
    "data/case.json",
    "seal/checkpoint",
    "seal/keys",
    SIGNED_MANIFEST,
    PACKAGE_PROOF,
    "seal/timestamp.tsr",
    "seal/tsa-chain.pem",
    *PAYLOAD_MANIFESTS,
    *TAG_MANIFESTS,
)
_ITEM_PROOF = re.compile(
    r"seal/proofs/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\.json"
)


def check_profile(bag: Bag) -> Iterator[Check]:
    """Check that the bag is written as packages are, and that manifests list each file.

    `check_bag` must have run before, because it fills in the digests.
    """
    sizes = bag.source.sizes
    for name in REQUIRED:
        # The declaration has been missed already.
        if name not in sizes and name != "bagit.txt":
            yield failure(name, "Every package has it, but it is missing.")
    if "bagit.txt" in sizes and not _has_content(bag, "bagit.txt", DECLARATION):
        yield failure("bagit.txt", "It is not the declaration that packages have, byte for byte.")
    if "fetch.txt" in sizes:
        yield failure("fetch.txt", "A package is complete, so there must be nothing to fetch.")
    yield from _check_closed_list(sizes)
    yield from _check_folders(bag)
    yield from _check_tag_manifests(bag)


def _check_closed_list(sizes: Collection[str]) -> Iterator[Check]:
    """Refuse every file outside data/ that no package has."""
    for name in sorted(sizes):
        is_allowed = name.startswith("data/") or name in REQUIRED or _ITEM_PROOF.fullmatch(name)
        if not is_allowed:
            yield failure(name, "It is no part of a package. Nobody signed it: do not rely on it.")


def _check_folders(bag: Bag) -> Iterator[Check]:
    """Refuse folders without a file: manifests list files, so nobody signed those folders."""
    used = {
        "/".join(parts[:depth])
        for parts in (path.split("/") for path in bag.source.sizes)
        for depth in range(1, len(parts))
    }
    for folder in sorted(bag.source.folders - used):
        yield failure(f"{folder}/", "This folder is empty, and no manifest has a file in it.")


def _check_tag_manifests(bag: Bag) -> Iterator[Check]:
    """Write the tag manifests again and compare them: so every byte of them is accounted for."""
    sizes = bag.source.sizes
    tags = {name for name in sizes if not name.startswith("data/") and name not in TAG_MANIFESTS}
    for name, algorithm in zip(TAG_MANIFESTS, ALGORITHMS, strict=True):
        listed = bag.manifests.get(name, {})
        for path in sorted(tags - listed.keys()):
            yield failure(path, f"It is in the package, but {name} does not list it.")
        # Digests are missing where a file could not be read, which has failed already.
        if name in sizes and tags <= bag.digests.keys():
            expected = manifest_text({path: bag.digests[path] for path in tags}, algorithm)
            if _has_content(bag, name, expected):
                yield success(
                    name, f"It lists every file outside data/, {len(tags)} of them, byte for byte."
                )
            else:
                yield failure(
                    name,
                    "It does not match the files outside data/. One of them was changed.",
                )


def _has_content(bag: Bag, name: str, expected: bytes) -> bool:
    try:
        return read_file(bag.source, name) == expected
    except Unreadable:
        return False
