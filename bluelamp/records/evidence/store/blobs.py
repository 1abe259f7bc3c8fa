"""Stored bytes, their key in a store, and the error when a store fails."""

import re
from dataclasses import dataclass

_SHA256 = re.compile(r"[0-9a-f]{64}")


class StoreError(Exception):
    """The store did not do what it promised, or has other bytes than their name says."""


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """Bytes that are durable in the store.

    `sha256` is lower-case hex and `size` is in bytes. `is_new` says whether the store did not have
    them before.
    """

    sha256: str
    size: int
    is_new: bool


def storage_key(sha256: str) -> str:
    """Return `ab/cd/<sha256>`, the place of these bytes in any store.

    Two levels of folders keep every folder small enough to list.

    >>> storage_key("ab12" + "0" * 60)[:12]
    'ab/12/ab1200'

    Raises:
        ValueError: `sha256` is not 64 lower-case hex digits, so it must not become a path.
    """
    if not _SHA256.fullmatch(sha256):
        raise ValueError(f"not a SHA-256 in lower-case hex: {sha256[:80]!r}")
    # Two levels of 256 folders: a folder with millions of files is slow to list.
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
