"""Stored bytes as local files.

A store on this machine gives the path of its own file. A store elsewhere (S3) has none, so its
bytes are copied to a temporary file first.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from bluelamp.records.evidence.store import current_store

_COPY_BLOCK_BYTES = 1024**2
_MAX_BYTES_IN_MEMORY = 4 * 1024**2


@contextmanager
def local_blob(sha256: str) -> Iterator[Path]:
    """Yield a path from which stored bytes can be read until the context ends.

    Raises:
        FileNotFoundError: The store has no such bytes.
    """
    store = current_store()
    if path := store.path(sha256):
        yield path
        return
    with (
        # On the store's disk and not in /tmp, which may be small and is often memory.
        tempfile.NamedTemporaryFile(dir=store.incoming_folder, prefix="copy-") as copy,
        store.open(sha256) as source,
    ):
        shutil.copyfileobj(source, copy, _COPY_BLOCK_BYTES)
        copy.flush()
        yield Path(copy.name)


def open_seekable(sha256: str) -> BinaryIO:
    """Open stored bytes as a seekable file, which the caller closes.

    `zipfile` reads the directory at the end of an archive first, so it needs to seek.

    Raises:
        FileNotFoundError: The store has no such bytes.
    """
    store = current_store()
    file = store.open(sha256)
    # The usual case, a store on this machine: nothing is copied.
    if file.seekable():
        return file
    copy = tempfile.SpooledTemporaryFile(  # noqa: SIM115  (the caller closes it)
        max_size=_MAX_BYTES_IN_MEMORY, dir=str(store.incoming_folder)
    )
    with file:
        shutil.copyfileobj(file, copy, _COPY_BLOCK_BYTES)
    copy.seek(0)
    return cast(BinaryIO, copy)
