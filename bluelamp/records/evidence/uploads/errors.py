"""Why an upload cannot go on. `app` decides which HTTP status each of these gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bluelamp.records.evidence.models import Upload


class UploadError(Exception):
    """A request for an upload that cannot be met, with one plain sentence for its sender.

    Attributes:
        created: The upload that the same request had created before it failed, if any. The sender
            can go on with it.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.created: Upload | None = None


class UploadMissing(UploadError):
    """The upload has no bytes in the spool: it was never created, is complete, or has ended."""

    def __init__(self) -> None:
        super().__init__("There is no such upload.")


class UploadLocked(UploadError):
    """Another request is writing this upload."""

    def __init__(self) -> None:
        super().__init__("Another chunk of this upload is still arriving. Try again in a moment.")


class UploadClosed(UploadError):
    """The upload takes no more bytes: it expired, ended, or was refused."""


class OffsetMismatch(UploadError):
    """The chunk does not begin where the saved bytes end, at `offset`."""

    def __init__(self, message: str, *, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


class ChunkTooLong(UploadError):
    """The chunk goes beyond the length that was announced."""

    def __init__(self) -> None:
        super().__init__("This chunk would make the file longer than you said it would be.")


class ChunkIncomplete(UploadError):
    """A chunk with a checksum ended early, so nothing of it was saved."""

    def __init__(self) -> None:
        super().__init__("The chunk ended before all of it arrived. Send it again.")


class ChunkInterrupted(UploadError):
    """A chunk without a checksum ended early; what arrived is saved, up to `offset`."""

    def __init__(self, *, offset: int) -> None:
        super().__init__("The chunk stopped arriving. We saved the part that arrived.")
        self.offset = offset


class ChecksumMismatch(UploadError):
    """The bytes of a chunk, or of the whole file, are not those that the sender hashed."""


class SpoolCorrupted(UploadError):
    """Saved bytes no longer hash to what the journal says.

    Attributes:
        offset: Where the good bytes end; the upload goes on from there.
        journal_position: Where the first wrong line of the journal begins, in bytes.
    """

    def __init__(self, *, offset: int, journal_position: int) -> None:
        super().__init__(
            "Part of what we saved has changed on our disk. Carry on from Upload-Offset."
        )
        self.offset = offset
        self.journal_position = journal_position
