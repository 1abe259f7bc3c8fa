"""A complete upload, as `receive_item` takes it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bluelamp.records.evidence.store import Store, StoredBlob


@dataclass(frozen=True, slots=True)
class CompletedUpload:
    """Complete and durable bytes in the spool; or in the store already, if a crash came between.

    It is a `ReceivedBytes` of `commands.receiving`.
    """

    store: Store
    spool_path: Path
    sha256: str
    size: int

    @property
    def path(self) -> Path:
        """Where the bytes can be read. Raises FileNotFoundError."""
        if self.spool_path.exists():
            return self.spool_path
        store_path = self.store.path(self.sha256)
        if store_path is None:
            raise FileNotFoundError(self.spool_path)
        return store_path

    def commit(self) -> StoredBlob:
        """Move the bytes into the store."""
        if not self.spool_path.exists() and self.store.exists(self.sha256):
            return StoredBlob(sha256=self.sha256, size=self.store.size(self.sha256), is_new=False)
        return self.store.put(self.spool_path, sha256=self.sha256, size=self.size)

    def discard(self) -> None:
        """Leave the bytes: `lifecycle` removes them once the database says how the upload ended."""
