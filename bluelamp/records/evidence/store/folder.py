"""Evidence in a folder: `evidence/ab/cd/<sha256>`, mode 0444, each file written once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from bluelamp.records.evidence.store.contract import Kept, StoreFault, key_of
from bluelamp.records.evidence.store.staged import Staged


class FolderStore:
    """A store on one file system.

    A name appears only after its bytes are on the disk: temporary file, fsync, link (which refuses
    to overwrite), fsync of the folder. A crash in between leaves a file in `incoming`, never half a
    file under a hash.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.incoming = root / "incoming"
        self.incoming.mkdir(parents=True, exist_ok=True, mode=0o700)

    def stage(self) -> Staged:
        return Staged(self, self.incoming)

    def keep(self, source: Path, *, sha256: str, size: int) -> Kept:
        target = self.root / key_of(sha256)
        made = _make_folders(target.parent, self.root)
        is_new = True
        try:
            os.link(source, target)
        except FileExistsError:
            is_new = False
            if (held := target.stat().st_size) != size:
                raise StoreFault(
                    f"{sha256} should have {size} bytes and is held with {held}"
                ) from None
            with target.open(
                "rb"
            ) as file:  # or a copy gone bad on the disk would be kept and the good one lost
                if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                    raise StoreFault(f"the bytes held under {sha256} are no longer those") from None
        # Also where the bytes were here: the process that linked them may not have reached its own
        # fsync.
        for folder in (target.parent, *made):
            _sync_folder(folder)
        source.unlink()
        return Kept(sha256=sha256, size=size, is_new=is_new)

    def open(self, sha256: str) -> BinaryIO:
        return (self.root / key_of(sha256)).open("rb")

    def exists(self, sha256: str) -> bool:
        return (self.root / key_of(sha256)).is_file()

    def size(self, sha256: str) -> int:
        return (self.root / key_of(sha256)).stat().st_size

    def path(self, sha256: str) -> Path | None:
        path = self.root / key_of(sha256)
        path.stat()
        return path

    def walk(self) -> Iterator[str]:
        for first in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
            for second in sorted(first.iterdir()):
                yield from sorted(path.name for path in second.iterdir())


def _make_folders(leaf: Path, root: Path) -> list[Path]:
    """Make `leaf` and what is missing above it; return the folders that got a new entry, deepest
    first.
    """
    if leaf == root or leaf.is_dir():
        return []
    above = _make_folders(leaf.parent, root)
    leaf.mkdir(exist_ok=True)
    return [leaf.parent, *above]


def _sync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
