"""Receive one chunk from the network and write it to disk: the event loop gathers, threads write.

Blocks from a fast sender are large, so that hashing and writing overlap with receiving and the loop
is seldom woken. A slow sender's few bytes are passed on after a second, so that many slow senders
together hold little memory and no thread.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from bluelamp.foundation.kernel.asgi_types import Receive
from bluelamp.records.evidence.models import Upload
from bluelamp.records.evidence.uploads.errors import (
    ChecksumMismatch,
    ChunkIncomplete,
    ChunkInterrupted,
    ChunkTooLong,
    OffsetMismatch,
)
from bluelamp.records.evidence.uploads.process_state import (
    Transfer,
    current_spool,
    run_in_disk_thread,
    start_in_disk_thread,
    transfers,
)
from bluelamp.records.evidence.uploads.protocol import Checksum
from bluelamp.records.evidence.uploads.spool import ChunkWriter, JournalEntry

# Written as soon as the disk is free.
_FULL_BLOCK_BYTES = 512 * 1024
# Written as soon as the disk is free and this many seconds have gone by since the last block.
_SLOW_BLOCK_BYTES = 64 * 1024
_SLOW_BLOCK_SECONDS = 1.0
# No more is gathered while the disk is busy: the sender has to wait.
_MAX_GATHERED_BYTES = 2 * 1024**2
# A long chunk is made durable each time this much of it was written, so that a lost signal costs no
# more.
_SAVE_EVERY_BYTES = 32 * 1024**2
# A sender that is silent for so long has gone away.
_IDLE_SECONDS = 60.0
# A sender that is back on a new connection takes over from one that is silent for so long.
_STALLED_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class IncomingChunk:
    """The body of one request, still to be received.

    Attributes:
        offset: Where it begins in the file, as the sender says.
        size: How many bytes were announced, or None.
        checksum: What they should hash to, or None.
    """

    offset: int
    size: int | None
    checksum: Checksum | None
    receive: Receive


async def receive_chunk(upload: Upload, chunk: IncomingChunk) -> int:
    """Receive one chunk and return the offset reached, once it is durable.

    A chunk with a checksum counts whole or not at all. Of a chunk without one, what arrived before
    the sender went away is saved.

    Raises:
        OffsetMismatch: The chunk does not begin where the saved bytes end.
        ChunkTooLong: It goes beyond the announced length of the file.
        ChunkIncomplete, ChunkInterrupted: The sender went away.
        ChecksumMismatch: The bytes are not those that the sender hashed.
        UploadLocked, UploadMissing, SpoolCorrupted, OSError: As `Spool.open_writer`.
    """
    await end_stalled_chunk(upload.id)
    writer = await run_in_disk_thread(_open_writer, upload, chunk)
    loop = asyncio.get_running_loop()
    timeout = asyncio.timeout(_IDLE_SECONDS)
    transfer = Transfer(last_data_at=loop.time(), timeout=timeout, has_ended=asyncio.Event())
    stream = _ChunkStream(
        writer,
        transfer,
        max_bytes=upload.length - chunk.offset,
        may_save_part=chunk.checksum is None,
    )
    try:
        try:
            async with timeout:
                transfers[upload.id] = transfer
                is_whole = await stream.receive_body(chunk.receive)
        except TimeoutError:
            is_whole = False
        # A server may report the end of a request whose connection was cut.
        is_whole = is_whole and chunk.size in (None, stream.received_bytes)
        if chunk.checksum and not is_whole:
            raise ChunkIncomplete
        entry = await run_in_disk_thread(
            _save_chunk, writer, await stream.get_unflushed_blocks(), chunk.checksum
        )
        if not is_whole:
            raise ChunkInterrupted(offset=entry.offset)
        return entry.offset
    finally:
        transfers.pop(upload.id, None)
        # The file must not be closed under a thread that still writes to it.
        await stream.wait_for_write()
        if not writer.is_closed:
            await run_in_disk_thread(writer.close)
        transfer.has_ended.set()


async def end_stalled_chunk(upload_id: UUID) -> None:
    """End the receiving of a chunk that went silent, and wait until what came of it is saved.

    After a lost signal the old connection may stay open for minutes, while the sender is back on a
    new one and asks where to go on. A chunk that is still moving is left alone.
    """
    transfer = transfers.get(upload_id)
    loop = asyncio.get_running_loop()
    if transfer is None or loop.time() - transfer.last_data_at < _STALLED_SECONDS:
        return
    # A timeout that has ended cannot be rescheduled; then the chunk is being saved already.
    with suppress(RuntimeError):
        transfer.timeout.reschedule(loop.time())
    with suppress(TimeoutError):
        await asyncio.wait_for(transfer.has_ended.wait(), _STALLED_SECONDS)


def _open_writer(upload: Upload, chunk: IncomingChunk) -> ChunkWriter:
    """Lock the upload and check that the chunk fits. Runs in a disk thread."""
    writer = current_spool().open_writer(str(upload.id))
    try:
        if writer.offset != chunk.offset:
            message = f"The next byte is at offset {writer.offset}, not {chunk.offset}."
            raise OffsetMismatch(message, offset=writer.offset)
        size = chunk.size or 0
        if chunk.offset + size > upload.length:
            raise ChunkTooLong
        algorithm = chunk.checksum.algorithm if chunk.checksum else ""
        is_public = upload.made_by_kind == "public"
        writer.prepare(
            size=size,
            algorithm=algorithm,
            reserve_percent=settings.BLUELAMP_PUBLIC_RESERVE if is_public else 0,
        )
    except BaseException:
        writer.close()
        raise
    return writer


def _write_blocks(writer: ChunkWriter, blocks: list[bytes], may_save: bool) -> None:
    """Write a part of a chunk, and now and then save it. Runs in a disk thread."""
    writer.write(blocks)
    if may_save and writer.offset - writer.entry.offset >= _SAVE_EVERY_BYTES:
        writer.save()


def _save_chunk(
    writer: ChunkWriter, blocks: list[bytes], checksum: Checksum | None
) -> JournalEntry:
    """Write the rest of a chunk, check it, save it and unlock the upload. Runs in a disk thread."""
    writer.write(blocks)
    if checksum and not writer.matches_checksum(checksum.digest):
        # Not saved, so that closing the writer cuts it off.
        raise ChecksumMismatch(
            "The chunk changed on its way here, so we dropped it. Send it again."
        )
    entry = writer.save()
    writer.close()
    return entry


class _ChunkStream:
    """Passes a chunk's bytes from the network to a disk thread, block by block and in order."""

    def __init__(
        self, writer: ChunkWriter, transfer: Transfer, *, max_bytes: int, may_save_part: bool
    ) -> None:
        self._writer = writer
        self._transfer = transfer
        self._max_bytes = max_bytes
        self._may_save_part = may_save_part
        self._gathered: list[bytes] = []
        self._gathered_bytes = 0
        self._write: asyncio.Future[None] | None = None
        self.received_bytes = 0

    async def receive_body(self, receive: Receive) -> bool:
        """Receive until the request ends. Returns False when the sender went away first."""
        loop = asyncio.get_running_loop()
        last_flush_at = loop.time()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return False
            if data := message.get("body"):
                self._gathered.append(data)
                self._gathered_bytes += len(data)
                self.received_bytes += len(data)
                if self.received_bytes > self._max_bytes:
                    raise ChunkTooLong
            if not message.get("more_body"):
                return True
            now = loop.time()
            # Not at every message: a timeout costs more to reschedule than a message to receive.
            if now - self._transfer.last_data_at > 1:
                self._transfer.last_data_at = now
                self._transfer.timeout.reschedule(now + _IDLE_SECONDS)
            is_disk_free = self._write is None or self._write.done()
            is_due = self._gathered_bytes >= _FULL_BLOCK_BYTES or (
                self._gathered_bytes >= _SLOW_BLOCK_BYTES
                and now - last_flush_at > _SLOW_BLOCK_SECONDS
            )
            if (is_disk_free and is_due) or self._gathered_bytes >= _MAX_GATHERED_BYTES:
                await self._flush()
                last_flush_at = now

    async def _flush(self) -> None:
        # The write before this one must be over: blocks go to disk, and into the hash, in order.
        if self._write:
            await self._write
        blocks = self._gathered
        self._gathered = []
        self._gathered_bytes = 0
        self._write = start_in_disk_thread(_write_blocks, self._writer, blocks, self._may_save_part)

    async def get_unflushed_blocks(self) -> list[bytes]:
        """Return what was not flushed, once the last write is over. Raises OSError if it failed."""
        if self._write:
            await self._write
        return self._gathered

    async def wait_for_write(self) -> None:
        """Wait until no thread is writing, whether it succeeds or fails."""
        if self._write and not self._write.done():
            await asyncio.wait([self._write])
