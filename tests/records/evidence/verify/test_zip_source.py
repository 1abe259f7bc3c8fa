"""Hostile zips are refused with a sentence, and nothing is ever unpacked."""

import io
import os
import shutil
import stat
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from bluelamp.records.evidence.bag import zip_bag
from bluelamp.records.evidence.verify import Check, main, verify_package


def failures(path: Path) -> list[Check]:
    return [check for check in verify_package(path) if not check.passed]


def refusal(path: Path) -> str:
    """Return the one sentence that refuses a zip outright."""
    (check,) = verify_package(path)
    assert not check.passed
    return check.detail


def member(name: str, *, mode: int = 0o100644, **facts: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = mode << 16
    for fact, value in facts.items():
        setattr(entry, fact, value)
    return entry


def write(path: Path, *entries: tuple[zipfile.ZipInfo, bytes]) -> Path:
    with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
        warnings.simplefilter("ignore")
        for entry, content in entries:
            archive.writestr(entry, content)
    return path


def test_it_works(good_package: Path, tmp_path: Path) -> None:
    """A package zipped by another program, with or without a folder around it, is as good."""
    shutil.make_archive(str(tmp_path / "plain"), "zip", good_package)
    shutil.make_archive(str(tmp_path / "around"), "zip", good_package.parent, good_package.name)
    for name in ("plain.zip", "around.zip"):
        assert failures(tmp_path / name) == []


def test_a_streamed_zip_is_read(good_package: Path, tmp_path: Path) -> None:
    class Pipe(io.RawIOBase):
        """A file that cannot be sought, so that sizes follow the members."""

        def __init__(self, path: Path) -> None:
            self._file = path.open("wb")

        def writable(self) -> bool:
            return True

        def write(self, content: object) -> int:
            return self._file.write(content)  # type: ignore[arg-type]

        def close(self) -> None:
            self._file.close()
            super().close()

    target = tmp_path / "streamed.zip"
    with Pipe(target) as pipe, zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in good_package.rglob("*") if path.is_file()):
            archive.write(path, path.relative_to(good_package).as_posix())
    assert failures(target) == []


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "a/../../evil",
        "/etc/evil",
        "C:/evil",
        "a\\..\\evil",
        "a//b",
        "./a",
        "~/evil",
        "a\x07b",
        "\\\\host\\evil",
    ],
)
def test_a_path_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "a.zip", (member("bagit.txt"), b""), (member(name), b"evil"))
    assert "path" in refusal(path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.zip"]


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([(member("a"), b"1"), (member("a"), b"2")], "twice"),
        ([(member("data/a"), b"1"), (member("data/A"), b"2")], "the same on some computers"),
        ([(member("caf\u00e9"), b"1"), (member("cafe\u0301"), b"2")], "the same on some computers"),
        ([(member("a", mode=stat.S_IFLNK | 0o777), b"/etc/passwd")], "link or a device"),
        ([(member("a", mode=stat.S_IFIFO | 0o644), b"")], "link or a device"),
        ([(member("a", compress_type=zipfile.ZIP_BZIP2), b"a" * 99)], "compressed in a way"),
        ([(member("a", compress_type=zipfile.ZIP_DEFLATED), bytes(150 << 20))], "times its size"),
    ],
)
def test_a_zip_that_nobody_honest_makes_is_refused(
    tmp_path: Path, entries: list[tuple[zipfile.ZipInfo, bytes]], words: str
) -> None:
    assert words in refusal(write(tmp_path / "a.zip", *entries))


def _encrypt(content: bytearray) -> None:
    content[content.index(b"PK\x01\x02") + 8] |= 1


def _claim_more(content: bytearray) -> None:
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<L", content, content.index(mark) + place, 1 << 20)


def _claim_less(content: bytearray) -> None:
    for mark, sizes, crc in ((b"PK\x03\x04", 22, 14), (b"PK\x01\x02", 24, 16)):
        struct.pack_into("<L", content, content.index(mark) + sizes, 10)
        struct.pack_into("<L", content, content.index(mark) + crc, zlib.crc32(b"a" * 10))


def _rename_locally(content: bytearray) -> None:
    content[content.index(b"bagit.txt")] ^= 1


def _hide_a_prefix(content: bytearray) -> None:
    content[:0] = b"#!/bin/sh\n"


def _add_a_comment(content: bytearray) -> None:
    content[-2:] = struct.pack("<H", 5) + b"hello"


@pytest.mark.parametrize(
    "damage", [_encrypt, _claim_more, _claim_less, _rename_locally, _hide_a_prefix, _add_a_comment]
)
def test_a_zip_that_contradicts_itself_fails(
    tmp_path: Path, damage: Callable[[bytearray], None]
) -> None:
    path = write(
        tmp_path / "a.zip", (member("bagit.txt", compress_type=zipfile.ZIP_DEFLATED), b"a" * 5000)
    )
    content = bytearray(path.read_bytes())
    damage(content)
    path.write_bytes(content)
    assert any(check.name in ("a.zip", "bagit.txt") and check.detail for check in failures(path))


def test_overlapping_members_are_refused(tmp_path: Path) -> None:
    """The overlap bomb: many entries of the directory that share one member's bytes."""
    path = write(tmp_path / "a.zip", (member("a"), b"x" * 100), (member("b"), b"x" * 100))
    content = bytearray(path.read_bytes())
    second = content.rindex(b"PK\x01\x02")
    struct.pack_into("<L", content, second + 42, 0)
    path.write_bytes(content)
    assert "overlap" in refusal(path)


@pytest.mark.parametrize("keep", [0, 1, 2, 100, -1, -30])
def test_a_truncated_zip_fails_with_a_sentence(
    good_package: Path, tmp_path: Path, keep: int
) -> None:
    target = tmp_path / "package.zip"
    zip_bag(folder=good_package, target=target)
    target.write_bytes(target.read_bytes()[:keep])
    assert failures(target)
    assert main([str(target)]) == 1


def test_links_and_devices_in_a_folder_fail(package: Path) -> None:
    (package / "data" / "link").symlink_to("/etc/passwd")
    os.mkfifo(package / "data" / "pipe")
    original = package / "data/exhibits/AB-1/original/IMG_0001.jpg"
    original.rename(package.parent / "elsewhere.jpg")
    original.symlink_to(package.parent / "elsewhere.jpg")
    names = {check.name for check in failures(package)}
    assert {"data/link", "data/pipe", "data/exhibits/AB-1/original/IMG_0001.jpg"} <= names


@pytest.mark.parametrize("more", [b"x", b"\0" * 100])
def test_bytes_after_the_end_fail(good_package: Path, tmp_path: Path, more: bytes) -> None:
    for name in ("plain", "ours"):
        path = tmp_path / f"{name}.zip"
        if name == "plain":
            shutil.make_archive(str(tmp_path / name), "zip", good_package)
        else:
            zip_bag(folder=good_package, target=path)
        assert failures(path) == []
        with path.open("ab") as file:
            file.write(more)
        assert refusal(path) == "The zip has bytes after its end."
