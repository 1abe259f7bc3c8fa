"""Evidence in a folder: `evidence/ab/cd/<sha256>`, mode 0444, each file written once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from bluelamp.foundation.kernel.durable import sync_folder
from bluelamp.records.evidence.store.blobs import StoredBlob, StoreError, storage_key
from bluelamp.records.evidence.store.staged import StagedFile


class FolderStore:
    """A store on one file system.

    A name appears only after its bytes are on the disk: temporary file, fsync, link (which refuses
    to overwrite), fsync of the folder. A crash in between leaves a file in `incoming`, never half a
    file under a hash.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.incoming_folder = root / "incoming"
        self.incoming_folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def stage(self) -> StagedFile:
        return StagedFile(self, self.incoming_folder)

    def put(self, source: Path, *, sha256: str, size: int) -> StoredBlob:
        target = self.root / storage_key(sha256)
        changed_folders = _make_folders(target.parent, self.root)
        is_new = True
        try:
            os.link(source, target)
        except FileExistsError:
            is_new = False
            if (existing_size := target.stat().st_size) != size:
                raise StoreError(
                    f"{sha256} should have {size} bytes but the store has {existing_size}"
                ) from None
            # Read it all: the new copy is about to be deleted, and the one on the disk may have
            # gone bad.
            with target.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                    raise StoreError(f"the bytes stored under {sha256} have changed") from None
        # Also where the bytes were here already: the process that linked them may have died before
        # its own fsync.
        for folder in (target.parent, *changed_folders):
            sync_folder(folder)
        source.unlink()
        return StoredBlob(sha256=sha256, size=size, is_new=is_new)

    def open(self, sha256: str) -> BinaryIO:
        return (self.root / storage_key(sha256)).open("rb")

    def exists(self, sha256: str) -> bool:
        return (self.root / storage_key(sha256)).is_file()

    def size(self, sha256: str) -> int:
        return (self.root / storage_key(sha256)).stat().st_size

    def path(self, sha256: str) -> Path | None:
        path = self.root / storage_key(sha256)
        path.stat()  # raises FileNotFoundError, as the contract says
        return path

    def walk_hashes(self) -> Iterator[str]:
        for first in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
            for second in sorted(first.iterdir()):
                yield from sorted(path.name for path in second.iterdir())


def _make_folders(leaf: Path, root: Path) -> list[Path]:
    """Make `leaf` and the missing folders above it.

    Returns:
        The folders that got a new entry, the deepest first: each has to be fsynced.
    """
    if leaf == root or leaf.is_dir():
        return []
    changed_above = _make_folders(leaf.parent, root)
    leaf.mkdir(exist_ok=True)
    return [leaf.parent, *changed_above]
