"""Random attacks on one package that was really built: all noticed, and each named.

150 by default; `BLUELAMP_ATTACKS=1000` for more.
"""

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from bluelamp.casework.casefiles.commands import export_case_file
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.merkle_log import log
from bluelamp.records.evidence.bag import zip_bag
from bluelamp.records.evidence.published_keys import list_log_keys, list_stamp_roots
from bluelamp.records.evidence.verify import verify_package
from bluelamp.records.evidence.verify.pins import Pins, load_pins
from tests.casework.casefiles.package_attacks import ATTACKS, Target
from tests.casework.casefiles.recorded_case import record_crime_with_photos
from tests.casework.scenes import AT

pytestmark = pytest.mark.django_db
CONSOLE = Actor.system("console", force="01", permissions={"casefile.build", "casefile.view"})
SEED = 3161


@pytest.fixture
def pins(tmp_path: Path) -> Callable[[], Pins]:
    """Return the force's keys, as it publishes them once a package was sealed."""

    def load() -> Pins:
        (tmp_path / "root.pem").write_text(list_stamp_roots()[0].pem)
        return load_pins(log_key=list_log_keys()[0].key, tsa_root=str(tmp_path / "root.pem"))

    return load


def test_it_works(number: str, ada: Actor, tmp_path: Path, pins: Callable[[], Pins]) -> None:
    good = export_case_file(actor=CONSOLE, at=AT, ref=number, to=tmp_path / "good" / "01ZD0000126")
    other_number = record_crime_with_photos(ada)
    other = export_case_file(actor=CONSOLE, at=AT, ref=other_number, to=tmp_path / "other")
    trusted = pins()
    zip_bag(folder=good, target=tmp_path / "good.zip")
    for place in (good, other, tmp_path / "good.zip"):
        assert [str(c) for c in verify_package(place, pins=trusted) if not c.passed] == []
    wrong, counts, before = [], Counter[str](), _read_all(good)
    for round_number in range(int(os.environ.get("BLUELAMP_ATTACKS", "150"))):
        attack = ATTACKS[round_number % len(ATTACKS)]
        place = tmp_path / "copy" / "01ZD0000126"
        shutil.rmtree(place.parent, ignore_errors=True)
        shutil.copytree(good, place)
        target = Target(
            package=place,
            other=other,
            rng=random.Random(SEED + round_number),
            force_key=log.signer("continuity"),
            authority=tmp_path / "authority",
            archive=tmp_path / "copy" / "package.zip",
        )
        touched = attack(target)
        assert target.archive.exists() or _read_all(place) != before, attack.__name__
        archive = target.archive if target.archive.exists() else place
        failed = [check for check in verify_package(archive, pins=trusted) if not check.passed]
        counts[attack.__name__] += 1
        if not any(name in f"{check.name} {check.detail}" for check in failed for name in touched):
            wrong.append((round_number, attack.__name__, touched, [str(c)[:150] for c in failed]))
    assert wrong == []
    assert len(counts) == len(ATTACKS)


def _read_all(folder: Path) -> dict[Path, bytes | None]:
    """Return everything in a folder: the bytes of files, and None for folders and links."""
    return {
        path.relative_to(folder): path.read_bytes()
        if path.is_file() and not path.is_symlink()
        else None
        for path in folder.rglob("*")
    }
