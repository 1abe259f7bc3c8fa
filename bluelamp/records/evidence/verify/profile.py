"""What a Bluelamp package asks beyond RFC 8493, so that no bit can be written two ways."""

from collections.abc import Iterator

from bluelamp.foundation.kernel.check import Check
from bluelamp.records.evidence.bag import ALGORITHMS, DECLARATION, manifest_text
from bluelamp.records.evidence.verify.bagit import Bag
from bluelamp.records.evidence.verify.check import Unreadable, failure, success
from bluelamp.records.evidence.verify.source import read_file

_TAG_MANIFESTS = [f"tagmanifest-{algorithm}.txt" for algorithm in ALGORITHMS]
REQUIRED = (
    "bag-info.txt",
    "data/case.json",
    "seal/checkpoint",
    "seal/keys",
    "seal/manifest",
    "seal/timestamp.tsr",
    "seal/tsa-chain.pem",
    *(f"manifest-{algorithm}.txt" for algorithm in ALGORITHMS),
    *_TAG_MANIFESTS,
)


def check_profile(bag: Bag) -> Iterator[Check]:
    """Check that the bag is written as packages are, and that manifests list each file.

    `check_bag` must have run before, because it fills in the digests.
    """
    sizes = bag.source.sizes
    for name in REQUIRED:
        if name not in sizes:
            yield failure(name, "Every package has it, but it is missing.")
    if "bagit.txt" in sizes and not _has_content(bag, "bagit.txt", DECLARATION):
        yield failure("bagit.txt", "It is not the declaration that packages have, byte for byte.")
    if "fetch.txt" in sizes:
        yield failure("fetch.txt", "A package is complete, so there must be nothing to fetch.")
    tags = {name for name in sizes if not name.startswith("data/") and name not in _TAG_MANIFESTS}
    for name, algorithm in zip(_TAG_MANIFESTS, ALGORITHMS, strict=True):
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
