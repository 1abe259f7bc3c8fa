"""Kept bytes as local files: lent from the evidence store, or copied where it has none of its own
(S3).
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from bluelamp.records.evidence.store import current_store

_BLOCK = 1024**2
_IN_MEMORY = 4 * 1024**2


@contextmanager
def local_file(sha256: str) -> Iterator[Path]:
    """Lend a path to read kept bytes from. Raises FileNotFoundError."""
    store = current_store()
    if path := store.path(sha256):
        yield path
        return
    with (
        tempfile.NamedTemporaryFile(dir=store.incoming, prefix="copy-") as copy,
        store.open(sha256) as source,
    ):
        shutil.copyfileobj(source, copy, _BLOCK)
        copy.flush()
        yield Path(copy.name)


def seekable(sha256: str) -> BinaryIO:
    """Open kept bytes so that a zip can be read from them; close it. Raises FileNotFoundError."""
    store = current_store()
    file = store.open(sha256)
    if file.seekable():
        return file
    copy = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, dir=str(store.incoming))  # noqa: SIM115
    with file:
        shutil.copyfileobj(file, copy, _BLOCK)
    copy.seek(0)
    return cast(BinaryIO, copy)
