"""How many checkpoints a log has, and a hash over all of them, one after the other.

The newest checkpoint vouches for the log's entries and not for the checkpoints before it: without
this, somebody could remove those, or change when a log was sealed, and nothing would tell. A signed
chain stands in a file outside the database (`checkpoint_file`). This module does no I/O.
"""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from bluelamp.foundation.kernel.merkle_log.checkpoint import BadNote

_START = bytes(32)


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint as the database has it: the log's size, the signed note, and its time."""

    size: int
    note: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CheckpointChain:
    """The first `count` checkpoints of a log, the last of them at `size` entries."""

    origin: str
    count: int = 0
    size: int = 0
    digest: bytes = _START

    @property
    def text(self) -> str:
        """Return the text that is signed."""
        digest = base64.b64encode(self.digest).decode()
        return f"{self.origin} checkpoints\n{self.count}\n{self.size}\n{digest}\n"

    @classmethod
    def parse(cls, text: str) -> "CheckpointChain":
        """Parse a signed text. Raises BadNote unless it is exactly what `text` would return."""
        try:
            title, count, size, digest, end = text.split("\n")
            chain = cls(
                title.removesuffix(" checkpoints"), int(count), int(size), base64.b64decode(digest)
            )
        except ValueError:
            raise BadNote("The chain of checkpoints is not well formed.") from None
        if end or chain.text != text:
            raise BadNote("The chain of checkpoints is not well formed.")
        return chain

    def extend(self, checkpoints: Iterable[SignedCheckpoint]) -> "CheckpointChain":
        """Return the chain with more checkpoints, in the order of their sizes, at its end."""
        count, size, digest = self.count, self.size, self.digest
        for checkpoint in checkpoints:
            count, size = count + 1, checkpoint.size
            at = checkpoint.at.astimezone(UTC).isoformat()
            # No time and no note holds a NUL, so the parts cannot be moved into one another.
            link = b"\0".join([digest, at.encode(), checkpoint.note.encode()])
            digest = hashlib.sha256(link).digest()
        return CheckpointChain(self.origin, count, size, digest)
