"""Check that bag-info.txt, the case and the log speak of one case file of one force."""

from collections.abc import Iterator

from bluelamp.foundation.kernel.check import Check
from bluelamp.records.evidence.verify.bagit import Bag, read_lines
from bluelamp.records.evidence.verify.check import Unreadable, failure, success
from bluelamp.records.evidence.verify.seal import PACKAGE_PROOF, Seal

BAG_INFO = "bag-info.txt"


def check_identity(bag: Bag, seal: Seal, *, urn: str, force_name: str) -> Iterator[Check]:
    """Compare the URN and the force wherever a package names them.

    Args:
        urn, force_name: As data/case.json has them.
    """
    if BAG_INFO not in bag.source.sizes:
        return  # check_profile has missed it
    try:
        info = _read_info(bag)
        for label, value in (("External-Identifier", urn), ("Source-Organization", force_name)):
            if not value or info.get(label) != [value]:
                raise Unreadable(f"Its {label} is not that of data/case.json.")
    except Unreadable as error:
        yield failure(BAG_INFO, str(error))
    else:
        yield success(BAG_INFO, f"It names {urn} and {force_name}, as data/case.json does.")
    if seal.package and seal.package != urn:
        yield failure(PACKAGE_PROOF, "The log has this package under another reference.")


def _read_info(bag: Bag) -> dict[str, list[str]]:
    """Return the values of each label. Raises Unreadable."""
    info: dict[str, list[str]] = {}
    for line in read_lines(bag, BAG_INFO):
        label, _, value = line.partition(":")
        info.setdefault(label.strip(), []).append(value.strip())
    return info
