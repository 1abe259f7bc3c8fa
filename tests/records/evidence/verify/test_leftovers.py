"""Files that macOS and Windows leave are named, and can hide nothing."""

import zipfile
from pathlib import Path

from bluelamp.records.evidence.bag import zip_bag
from bluelamp.records.evidence.verify import main, verify_package
from tests.records.evidence.packages import KEY
from tests.records.evidence.verify.forging import STATEMENT, failures, flip, sign_again

LEFTOVERS = (
    "__MACOSX/._01ZD0000126",
    "__MACOSX/01ZD0000126/._bagit.txt",
    ".DS_Store",
    "data/.DS_Store",
    "data/documents/._MG5.pdf",
    "data/exhibits/AB-1/original/Thumbs.db",
    "seal/desktop.ini",
)


def test_it_works(package: Path, tmp_path: Path) -> None:
    """They are named in one line, and the rest is checked."""
    for name in LEFTOVERS:
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_bytes(b"left over")
    zip_bag(folder=package, target=tmp_path / "package.zip")
    for place in (package, tmp_path / "package.zip"):
        checks = list(verify_package(place))
        assert [str(check) for check in checks if not check.passed] == []
        (line,) = [check for check in checks if "not part of the package" in check.detail]
        assert all(name in line.name for name in LEFTOVERS)
    flip(package / STATEMENT, 100)
    assert STATEMENT in {check.name for check in failures(package)}


def test_macos_puts_its_folder_beside_that_of_the_package(package: Path, tmp_path: Path) -> None:
    zip_bag(folder=package, target=tmp_path / "package.zip")
    with zipfile.ZipFile(tmp_path / "package.zip", "a") as archive:
        archive.comment = b""
        archive.mkdir("__MACOSX")
        archive.writestr(f"__MACOSX/._{package.name}", b"left over")
    assert failures(tmp_path / "package.zip") == []
    (package.parent / "__MACOSX").mkdir()
    assert main([str(package.parent)]) == 1, "a zip beside it: there are two packages"
    (tmp_path / "package.zip").unlink()
    assert main([str(package.parent)]) == 3


def test_a_leftover_can_hide_nothing(package: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("not for the reader")
    (package / ".DS_Store").symlink_to(secret)
    assert [check.name for check in failures(package)] == [".DS_Store"]
    (package / ".DS_Store").unlink()
    (package / "data/documents/._MG5.pdf").write_bytes(b"%PDF-1.7")
    sign_again(package, key=KEY)  # now a manifest lists it
    assert "data/documents/._MG5.pdf" in {check.name for check in failures(package)}
