"""A finished upload, as `take_in` wants it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bluelamp.records.evidence.store import Kept, Store


@dataclass(frozen=True, slots=True)
class Landed:
    """Complete and fsynced bytes in the incoming folder, or in the store already after a crash in
    between.

    Discarding does nothing: the upload's own files are removed once the record says how it ended.
    """

    store: Store
    landing: Path
    sha256: str
    size: int

    @property
    def path(self) -> Path:
        """Where the bytes can be read. Raises FileNotFoundError."""
        if self.landing.exists():
            return self.landing
        kept = self.store.path(self.sha256)
        if kept is None:
            raise FileNotFoundError(self.landing)
        return kept

    def keep(self) -> Kept:
        """Move the bytes into the store."""
        if not self.landing.exists() and self.store.exists(self.sha256):
            return Kept(sha256=self.sha256, size=self.store.size(self.sha256), is_new=False)
        return self.store.keep(self.landing, sha256=self.sha256, size=self.size)

    def discard(self) -> None:
        """Do nothing."""
