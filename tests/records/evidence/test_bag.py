"""Bags as we write them: the Library of Congress's program reads them, and they are repeatable."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

import bagit
import pytest

from bluelamp.records.evidence.bag import STAMPED_FILES, portable_filename, write_bag, zip_bag

FILES: dict[str, bytes | Path] = {
    "data/case.json": b"{}",
    "data/café – night.txt": b"odd name",
    "data/empty": b"",
    "seal/checkpoint": b"a\n1\n",
}
INFO = {"Source-Organization": "Metropolitan\nPolice Service", "Bagging-Date": "2026-03-03"}


def test_it_works(tmp_path: Path) -> None:
    large = tmp_path / "large"
    large.write_bytes(bytes(range(256)) * 10_000)
    folder = tmp_path / "bag"
    write_bag(folder=folder, files={**FILES, "data/large.mp4": large}, info=INFO)
    bag = bagit.Bag(str(folder))
    assert bag.validate() is True
    assert bag.info["Payload-Oxum"] == "2560010.4"
    assert bag.info["Source-Organization"] == "Metropolitan Police Service"
    assert (folder / "data/large.mp4").read_bytes() == large.read_bytes()
    assert set(bag.tagfile_entries()) == {
        "bagit.txt",
        "bag-info.txt",
        "manifest-sha256.txt",
        "manifest-sha512.txt",
        "seal/checkpoint",
    }


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    zips = []
    for number in range(2):
        folder = tmp_path / str(number) / "bag"
        write_bag(folder=folder, files=FILES, info=INFO)
        zip_bag(folder=folder, target=tmp_path / f"{number}.zip")
        zips.append((tmp_path / f"{number}.zip").read_bytes())
    assert zips[0] == zips[1]
    with zipfile.ZipFile(tmp_path / "0.zip") as archive:
        assert archive.testzip() is None
        assert {name.partition("/")[0] for name in archive.namelist()} == {"bag"}


def test_a_bag_can_be_sealed(tmp_path: Path) -> None:
    def seal(own_files: Mapping[str, bytes]) -> dict[str, bytes]:
        assert set(own_files) == set(STAMPED_FILES)
        return {"seal/manifest": own_files["manifest-sha512.txt"].upper()}

    write_bag(folder=tmp_path / "bag", files=FILES, info={}, seal=seal)
    signed = (tmp_path / "bag/seal/manifest").read_bytes()
    assert signed == (tmp_path / "bag/manifest-sha512.txt").read_bytes().upper()
    assert b"seal/manifest" in (tmp_path / "bag/tagmanifest-sha256.txt").read_bytes()


def test_without_a_seal_nothing_is_left(tmp_path: Path) -> None:
    def seal(own_files: Mapping[str, bytes]) -> dict[str, bytes]:
        raise RuntimeError("no time stamp")

    with pytest.raises(RuntimeError):
        write_bag(folder=tmp_path / "bag", files=FILES, info={}, seal=seal)
    assert not (tmp_path / "bag").exists()


@pytest.mark.parametrize(
    "path",
    [
        "../a",
        "/a",
        "data/../a",
        "data//a",
        "data/",
        "data\\a",
        "data/a\nb",
        "bagit.txt",
        "manifest-md5.txt",
        "fetch.txt",
    ],
)
def test_a_bad_path_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(ValueError, match="cannot be a path"):
        write_bag(folder=tmp_path / "bag", files={path: b""}, info={})
    assert not (tmp_path / "bag").exists()


def test_names_that_collide_on_some_computers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="only by case"):
        write_bag(folder=tmp_path / "bag", files={"data/a": b"", "data/A": b""}, info={})


def test_a_folder_that_is_not_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    with pytest.raises(FileExistsError):
        write_bag(folder=tmp_path, files=FILES, info={})


@pytest.mark.parametrize(
    ("filename", "safe"),
    [
        ("IMG_0001.HEIC", "IMG_0001.HEIC"),
        ("café – night.jpg", "café – night.jpg"),
        ("100%.jpg", "100_.jpg"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\a\nb.mp4", "C__a_b.mp4"),
        ("", "unnamed"),
        ("...", "unnamed"),
        ("a" * 300 + ".jpeg", "a" * 80 + ".jpeg"),
        ("b" * 300, "b" * 100),
    ],
)
def test_a_file_name_is_made_safe(filename: str, safe: str) -> None:
    assert portable_filename(filename) == safe
