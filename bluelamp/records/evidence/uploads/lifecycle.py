"""An upload from its creation to the evidence item made of it: the database, the spool and the
store kept in step.

Each function does the work of one request, for the holder of an upload token. Whatever fails in
between, the database is never ahead of the bytes: an upload is "received" only once its bytes are
in the store, and its files leave the spool only after the database says how it ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.records.evidence import commands, reads
from bluelamp.records.evidence.commands import UploadToken
from bluelamp.records.evidence.models import Upload
from bluelamp.records.evidence.rules import UploadState
from bluelamp.records.evidence.store import current_store
from bluelamp.records.evidence.uploads import chunk_stream
from bluelamp.records.evidence.uploads.chunk_stream import IncomingChunk
from bluelamp.records.evidence.uploads.completed_upload import CompletedUpload
from bluelamp.records.evidence.uploads.errors import (
    ChecksumMismatch,
    OffsetMismatch,
    UploadClosed,
    UploadError,
    UploadLocked,
    UploadMissing,
)
from bluelamp.records.evidence.uploads.process_state import (
    cache_upload,
    current_spool,
    get_cached_upload,
    run_in_db_thread,
    run_in_disk_thread,
    uncache_upload,
)
from bluelamp.records.evidence.uploads.spool import ChunkWriter


@dataclass(frozen=True, slots=True)
class NewUpload:
    """What a sender announces about a file.

    Attributes:
        length: In bytes.
        metadata: What Upload-Metadata says, without the token.
        item_id: The id that the sender made for the item, or None.
        device_sha256: The hash that the device made, lower-case hex, or "".
    """

    length: int
    filename: str
    metadata: dict[str, str]
    item_id: UUID | None
    device_sha256: str


@dataclass(frozen=True, slots=True)
class UploadStatus:
    """An upload, and how many of its bytes are durable."""

    upload: Upload
    offset: int

    @property
    def is_received(self) -> bool:
        """Whether the upload has become an item."""
        return self.upload.state == UploadState.RECEIVED


async def create_upload(
    token: UploadToken, new_upload: NewUpload, first_chunk: IncomingChunk | None, *, at: datetime
) -> UploadStatus:
    """Create an upload, and receive its first chunk where the request brings one.

    If the item is here already, its upload is received at once and the chunk is left unread.

    Raises:
        Refused, Conflict, NotPermitted: As `commands.begin_upload`.
        UploadLocked: Another upload of the same item is arriving at this moment.
        UploadError: The first chunk failed; the error's `created` is the upload to go on with.
        OSError: The disk fails.
    """
    upload = await run_in_db_thread(_begin_upload, token, new_upload, at=at)
    if upload.state == UploadState.RECEIVED:
        return UploadStatus(upload, upload.length)
    if first_chunk is None:
        return UploadStatus(upload, 0)
    try:
        return await _receive_and_finish(token, upload, first_chunk)
    except UploadError as error:
        error.created = upload
        raise


async def get_status(token: UploadToken, upload_id: UUID, *, at: datetime) -> UploadStatus:
    """Return how far an upload is; one whose bytes are all here is finished first.

    Raises:
        UploadClosed: It expired, ended or was refused.
        UploadLocked: Another request is finishing it at this moment.
        NotFound, UploadMissing: There is no such upload, or somebody else began it.
        NotPermitted: The token is of an account that was closed.
        ChecksumMismatch, Refused, Conflict: As `_finish_upload`.
    """
    upload = await run_in_db_thread(_find_open_upload, token, upload_id, at=at)
    if upload.state == UploadState.RECEIVED:
        return UploadStatus(upload, upload.length)
    await chunk_stream.end_stalled_chunk(upload_id)
    try:
        entry = await run_in_disk_thread(current_spool().last_entry, str(upload_id))
    except UploadMissing:
        upload = await _find_upload_finished_elsewhere(token, upload_id, at=at)
        return UploadStatus(upload, upload.length)
    if entry.offset == upload.length:
        # A crash came between the last byte and the item.
        upload = await _finish_upload(token, upload)
    return UploadStatus(upload, entry.offset)


async def continue_upload(
    token: UploadToken, upload_id: UUID, chunk: IncomingChunk, *, at: datetime
) -> UploadStatus:
    """Receive a chunk, and make the upload an item when it was the last.

    A sender who missed the last answer may send the end of the file again.

    Raises:
        UploadError, NotFound, OSError: As `get_status` and `chunk_stream.receive_chunk`.
        Refused, Conflict: As `_finish_upload`.
    """
    upload = await _find_open_upload_cached(token, upload_id, at=at)
    if upload.state != UploadState.RECEIVED:
        try:
            return await _receive_and_finish(token, upload, chunk)
        except UploadMissing:
            upload = await _find_upload_finished_elsewhere(token, upload_id, at=at)
    if chunk.offset != upload.length:
        raise OffsetMismatch("This upload is complete.", offset=upload.length)
    return UploadStatus(upload, upload.length)


async def cancel_upload(token: UploadToken, upload_id: UUID, *, at: datetime) -> None:
    """Delete what arrived of an upload, and record that its sender cancelled it.

    Raises:
        UploadLocked: A chunk of it is still arriving.
        UploadClosed, NotFound: As `get_status`.
    """
    await run_in_db_thread(_cancel_upload, token, upload_id, at=at)


async def _find_open_upload_cached(token: UploadToken, upload_id: UUID, *, at: datetime) -> Upload:
    """Return an upload, from memory where this process has just received a chunk of it."""
    # For staff the database is asked about each chunk: they may have left meanwhile.
    upload = get_cached_upload(upload_id) if token.actor.id is None else None
    if upload and _is_own_upload(upload, token) and upload.expires_at > at:
        return upload
    upload = await run_in_db_thread(_find_open_upload, token, upload_id, at=at)
    if upload.state == UploadState.ARRIVING:
        cache_upload(upload)
    return upload


def _is_own_upload(upload: Upload, token: UploadToken) -> bool:
    """Return whether the token's holder began this upload, as `reads.find_upload_row` asks."""
    actor = token.actor
    owner = (upload.force, upload.subject, upload.made_by_kind, upload.made_by_id)
    return owner == (actor.force, token.subject, actor.kind, actor.id)


async def _find_upload_finished_elsewhere(
    token: UploadToken, upload_id: UUID, *, at: datetime
) -> Upload:
    """Return an upload whose bytes left the spool because another request has finished it.

    Raises:
        UploadLocked: Another request is finishing it at this moment.
        UploadMissing: No request has finished it.
    """
    with suppress(UploadMissing):
        # The journal goes last: while it is there, the other request is not done.
        await run_in_disk_thread(current_spool().last_entry, str(upload_id))
        raise UploadLocked
    upload = await run_in_db_thread(_find_open_upload, token, upload_id, at=at)
    if upload.state != UploadState.RECEIVED:
        raise UploadMissing
    return upload


async def _receive_and_finish(
    token: UploadToken, upload: Upload, chunk: IncomingChunk
) -> UploadStatus:
    offset = await chunk_stream.receive_chunk(upload, chunk)
    if offset == upload.length:
        upload = await _finish_upload(token, upload)
    return UploadStatus(upload, offset)


async def _finish_upload(token: UploadToken, upload: Upload) -> Upload:
    """Make a complete upload an item, once.

    Raises:
        ChecksumMismatch: The bytes are not those that the device hashed.
        Refused, Conflict, NotFound: As `commands.finish_upload`.
        UploadLocked, OSError: As `Spool.open_writer`.
    """
    uncache_upload(upload.id)
    # The clock is read anew: the last chunk may have taken minutes to arrive.
    return await run_in_db_thread(_make_item, token, upload, at=now())


# The functions below block, and run in a database thread.


def _begin_upload(token: UploadToken, new_upload: NewUpload, *, at: datetime) -> Upload:
    commands.require_token_holder(token)
    if item_id := token.item_id or new_upload.item_id:
        # A sender who lost the address of an upload begins it again. One item has one upload, or
        # somebody could name an item again and again to take room for each.
        for earlier in reads.find_arriving_uploads(
            actor=token.actor, subject=token.subject, item_id=item_id, at=at
        ):
            _cancel_upload(token, earlier.id, at=at)
    upload = commands.begin_upload(
        actor=token.actor,
        at=at,
        token=token,
        length=new_upload.length,
        filename=new_upload.filename,
        metadata=new_upload.metadata,
        item_id=new_upload.item_id,
        device_sha256=new_upload.device_sha256,
    )
    if upload.state == UploadState.RECEIVED:
        return upload
    try:
        current_spool().create(str(upload.id))
    except OSError:
        # Nobody will hear of this upload, so it must not count against the sender's limit.
        commands.cancel_upload(actor=token.actor, at=at, upload_id=upload.id)
        current_spool().remove(str(upload.id))
        raise
    return upload


def _find_open_upload(token: UploadToken, upload_id: UUID, *, at: datetime) -> Upload:
    """Return an upload that is arriving or received.

    Raises:
        UploadClosed, NotFound: There is no such upload.
        NotPermitted: The token is of an account that was closed.
    """
    commands.require_token_holder(token)
    upload = reads.find_upload_row(actor=token.actor, subject=token.subject, upload_id=upload_id)
    if upload.state == UploadState.ARRIVING and upload.expires_at <= at:
        raise UploadClosed("This upload has expired because it was left too long. Start it again.")
    if upload.state == UploadState.ENDED:
        raise UploadClosed("This upload has ended.")
    if upload.state == UploadState.REFUSED:
        raise UploadClosed("This upload was refused. Start it again.")
    return upload


def _make_item(token: UploadToken, upload: Upload, *, at: datetime) -> Upload:
    # Again at the end: the last chunk may have taken minutes to arrive.
    commands.require_token_holder(token)
    spool, upload_id = current_spool(), str(upload.id)
    with _lock_upload(upload) as writer:
        # After a crash the bytes may be in the store already, and only the journal in the spool.
        entry = writer.entry if writer else spool.last_entry(upload_id)
        path = writer.finalise_file() if writer else spool.data_path(upload_id)
        source = CompletedUpload(
            store=current_store(), spool_path=path, sha256=entry.sha256, size=entry.offset
        )
        try:
            if upload.device_sha256 not in ("", entry.sha256):
                raise ChecksumMismatch(
                    "The file we received is not the file that you hashed. "
                    "Send it again from the start."
                )
            finished = commands.finish_upload(
                actor=token.actor, at=at, upload_id=upload.id, source=source
            )
        except (Refused, Conflict, ChecksumMismatch) as error:
            # Sending the same bytes again cannot help, so they go.
            commands.refuse_upload(actor=token.actor, at=at, upload_id=upload.id, reason=str(error))
            spool.remove(upload_id)
            raise
    # Only now: until the command has committed, the spool may have the only copy.
    spool.remove(upload_id)
    return finished


def _cancel_upload(token: UploadToken, upload_id: UUID, *, at: datetime) -> None:
    upload = _find_open_upload(token, upload_id, at=at)
    with _lock_upload(upload):
        commands.cancel_upload(actor=token.actor, at=at, upload_id=upload.id)
        current_spool().remove(str(upload.id))


@contextmanager
def _lock_upload(upload: Upload) -> Iterator[ChunkWriter | None]:
    """Lock an upload against other writers; None when its bytes have left the spool.

    Raises:
        UploadLocked, SpoolCorrupted, OSError: As `Spool.open_writer`.
    """
    try:
        writer = current_spool().open_writer(str(upload.id))
    except UploadMissing:
        yield None
        return
    try:
        yield writer
    finally:
        writer.close()
