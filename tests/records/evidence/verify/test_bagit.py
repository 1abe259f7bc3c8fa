"""The bag checks against the Library of Congress's conformance suite."""

import tarfile
from pathlib import Path

import pytest

from bluelamp.foundation.kernel.check import Check
from bluelamp.records.evidence.verify.bagit import Bag, check_bag
from bluelamp.records.evidence.verify.source import FolderSource

# Valid once its fetch.txt has been followed; a verifier without a network says what is missing
# instead.
INCOMPLETE = "holey-bag"


@pytest.fixture(scope="session")
def suite(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    (archive,) = (shared_data / "conformance" / "bagit").glob("bagit-conformance-suite-*.tar.gz")
    folder = tmp_path_factory.mktemp("suite")
    with tarfile.open(archive) as suite:
        # Python before 3.11.4 has no filters, and later ones ask for one.
        suite.extraction_filter = getattr(tarfile, "data_filter", None)
        suite.extractall(folder)
    return folder


def failures(folder: Path) -> list[Check]:
    source = FolderSource(folder)
    faults = [Check(name, False, fault) for name, fault in source.faults]
    return faults + [check for check in check_bag(Bag(source)) if not check.passed]


def test_it_works(suite: Path) -> None:
    bags = [bag for bag in suite.glob("*/valid/*") if bag.is_dir()]
    assert len(bags) > 20
    for bag in bags:
        found = [str(check) for check in failures(bag)]
        if bag.name == INCOMPLETE:
            assert all("missing" in line for line in found), (bag, found)
        else:
            assert found == [], bag


@pytest.mark.parametrize("kind", ["invalid", "linux-only", "windows-only"])
def test_every_bag_that_is_wrong_fails(suite: Path, kind: str) -> None:
    bags = [bag for bag in suite.glob(f"*/{kind}/*") if bag.is_dir()]
    assert bags
    for bag in bags:
        assert failures(bag), bag


@pytest.mark.parametrize(
    "name",
    ["made-with-md5sum-tools", "relative-path", "same-filename-listed-twice-with-the-same-hash"],
)
def test_a_bag_that_only_merits_a_warning_passes(suite: Path, name: str) -> None:
    (bag,) = suite.glob(f"*/warning/{name}")
    assert failures(bag) == []
