"""What a Bluelamp package asks of its bag beyond RFC 8493, so that not one bit has two
spellings.
"""

from collections.abc import Iterator

from bluelamp.records.evidence.bag import ALGORITHMS, DECLARATION, manifest_text
from bluelamp.records.evidence.verify.bagit import Bag
from bluelamp.records.evidence.verify.check import Check, Unreadable, failed, passed
from bluelamp.records.evidence.verify.source import read

_TAGMANIFESTS = [f"tagmanifest-{algorithm}.txt" for algorithm in ALGORITHMS]
REQUIRED = (
    "bag-info.txt",
    "data/case.json",
    "seal/checkpoint",
    "seal/keys",
    "seal/manifest",
    "seal/timestamp.tsr",
    "seal/tsa-chain.pem",
    *(f"manifest-{algorithm}.txt" for algorithm in ALGORITHMS),
    *_TAGMANIFESTS,
)


def check_profile(bag: Bag) -> Iterator[Check]:
    """Check that the bag is written as packages are and that each file is held by manifests; after
    `check_bag`.
    """
    sizes = bag.source.sizes
    for name in REQUIRED:
        if name not in sizes:
            yield failed(name, "Every package has it, but it is missing.")
    if "bagit.txt" in sizes and not _reads(bag, "bagit.txt", DECLARATION):
        yield failed("bagit.txt", "It is not the declaration that packages carry, byte for byte.")
    if "fetch.txt" in sizes:
        yield failed("fetch.txt", "A package is whole: it has nothing to be fetched.")
    tags = {name for name in sizes if not name.startswith("data/") and name not in _TAGMANIFESTS}
    for name, algorithm in zip(_TAGMANIFESTS, ALGORITHMS, strict=True):
        listed = bag.manifests.get(name, {})
        for path in sorted(tags - listed.keys()):
            yield failed(path, f"It is in the package, but {name} does not list it.")
        if name in sizes and tags <= bag.digests.keys():
            expected = manifest_text({path: bag.digests[path] for path in tags}, algorithm)
            if _reads(bag, name, expected):
                yield passed(
                    name, f"It lists every file outside data/, {len(tags)} of them, byte for byte."
                )
            else:
                yield failed(
                    name,
                    "It is not, byte for byte, what the files outside data/ give: one of them changed.",
                )


def _reads(bag: Bag, name: str, expected: bytes) -> bool:
    try:
        return read(bag.source, name) == expected
    except Unreadable:
        return False
