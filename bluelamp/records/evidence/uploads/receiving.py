"""Streams one piece from the network to disk: the event loop gathers, threads hash and write.

Blocks of a fast sender are large, so that hashing and writing overlap receiving and the loop is
seldom woken; a slow sender's few bytes are handed on after a second, so that many of them together
hold little memory and no thread.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import close_old_connections

from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.records.evidence import commands
from bluelamp.records.evidence.commands import UploadToken
from bluelamp.records.evidence.models import Upload
from bluelamp.records.evidence.rules import UploadState
from bluelamp.records.evidence.store import current_store
from bluelamp.records.evidence.uploads.incoming import Gone, Incoming, Mark, Piece
from bluelamp.records.evidence.uploads.landed import Landed
from bluelamp.records.evidence.uploads.protocol import CHECKSUM_MISMATCH, Checksum, Said

P = ParamSpec("P")
R = TypeVar("R")
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

BLOCK = 512 * 1024
MOST_GATHERED = 2 * 1024**2
LEAST_BLOCK = 64 * 1024
LINGER = 1.0
CHECKPOINT = 32 * 1024**2
IDLE = 60.0
STALE = 5.0
_KNOWN = 4096

_disk = ThreadPoolExecutor(4, thread_name_prefix="upload-disk")
_records = ThreadPoolExecutor(4, thread_name_prefix="upload-record")
_known: OrderedDict[UUID, Upload] = OrderedDict()


def incoming() -> Incoming:
    """Return the folder of uploads on their way into the present store."""
    return _incoming(current_store().incoming)


@lru_cache(maxsize=8)
def _incoming(folder: Path) -> Incoming:
    return Incoming(folder)


async def on_disk(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run blocking file work in a thread."""
    return await asyncio.get_running_loop().run_in_executor(
        _disk, partial(function, *args, **kwargs)
    )


async def on_record(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run work on the database in a thread."""
    return await asyncio.get_running_loop().run_in_executor(
        _records, partial(_with_database, function, *args, **kwargs)
    )


def _with_database(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    close_old_connections()
    try:
        return function(*args, **kwargs)
    finally:
        close_old_connections()


async def find(
    token: UploadToken, upload_id: UUID, *, at: datetime, look: Callable[..., Upload]
) -> Upload:
    """Return an upload that is coming in, from memory where this process has just had a piece of
    it.

    What never changes is remembered; that an upload ended is noticed by its bytes being gone.
    """
    known = _known.get(upload_id)
    if (
        known
        and _is_theirs(known, token)
        and known.expires_at > at
        and incoming().data(str(upload_id)).exists()
    ):
        _known.move_to_end(upload_id)
        return known
    _known.pop(upload_id, None)
    upload = await on_record(look, token=token, upload_id=upload_id, at=at)
    if upload.state == UploadState.COMING:
        _known[upload_id] = upload
        if len(_known) > _KNOWN:
            _known.popitem(last=False)
    return upload


def _is_theirs(upload: Upload, token: UploadToken) -> bool:
    actor = token.actor
    held = (upload.force, upload.purpose, upload.made_by_kind, upload.made_by)
    return held == (actor.force, token.purpose, actor.kind, actor.id)


@dataclass(slots=True)
class _Flight:
    """A piece being received: when bytes last came, and how to end it."""

    heard_at: float
    patience: asyncio.Timeout
    landed: asyncio.Event


_flights: dict[UUID, _Flight] = {}


async def settle(upload_id: UUID) -> None:
    """End the receiving of a piece that went silent, and wait for what came of it to be saved.

    After a lost signal the old connection may stay open for minutes while the sender is back on a
    new one, asking where to go on. A piece that is still moving is left alone.
    """
    flight = _flights.get(upload_id)
    loop = asyncio.get_running_loop()
    if flight is None or loop.time() - flight.heard_at < STALE:
        return
    with suppress(RuntimeError):
        flight.patience.reschedule(loop.time())
    with suppress(TimeoutError):
        await asyncio.wait_for(flight.landed.wait(), STALE)


async def receive_piece(
    upload: Upload, receive: Receive, *, offset: int, size: int | None, check: Checksum | None
) -> int:
    """Receive one piece and return the offset reached, once it is durable.

    A piece with a checksum counts whole or not at all; of one without, what arrived before the
    sender went away is kept. `size` is None when it was not announced. Raises Said, Busy, Gone,
    Damaged, OSError.
    """
    await settle(upload.id)
    piece = await on_disk(_open, upload, offset, size, check)
    pouring = _Pouring(piece, room=upload.length - offset, is_checked=check is not None)
    loop = asyncio.get_running_loop()
    landed = asyncio.Event()
    try:
        try:
            async with asyncio.timeout(IDLE) as patience:
                _flights[upload.id] = pouring.flight = _Flight(loop.time(), patience, landed)
                is_whole = await pouring.pour(receive)
        except TimeoutError:
            is_whole = False
        is_whole = is_whole and size in (None, pouring.received)
        if check and not is_whole:
            raise Said(400, "The piece ended before all of it was here. Send it again.")
        mark = await on_disk(_save, piece, await pouring.rest(), check)
        if not is_whole:
            raise Said(
                408,
                "The piece stopped arriving. What came is kept.",
                {"upload-offset": str(mark.offset)},
            )
        return mark.offset
    finally:
        _flights.pop(upload.id, None)
        await pouring.settled()
        if not piece.is_closed:
            await on_disk(piece.close)
        landed.set()


def _open(upload: Upload, offset: int, size: int | None, check: Checksum | None) -> Piece:
    piece = incoming().open(str(upload.id))
    try:
        if piece.mark.offset != offset:
            headers = {"upload-offset": str(piece.mark.offset)}
            raise Said(
                409, f"The next byte here is number {piece.mark.offset}, not {offset}.", headers
            )
        if offset + (size or 0) > upload.length:
            raise Said(413, "This piece would make the file longer than was announced.")
        piece.expect(size=size or 0, algorithm=check.algorithm if check else "")
    except BaseException:
        piece.close()
        raise
    return piece


def _save(piece: Piece, blocks: list[bytes], check: Checksum | None) -> Mark:
    """Write what is left of a piece, check it, make it durable, and let go of the upload."""
    piece.write(blocks)
    if check and not piece.checks_to(check.digest):
        raise Said(
            CHECKSUM_MISMATCH, "The piece changed on its way here and was dropped. Send it again."
        )
    mark = piece.save()
    piece.close()
    return mark


def _write(piece: Piece, blocks: list[bytes], may_save: bool) -> None:
    piece.write(blocks)
    if may_save and piece.offset - piece.mark.offset >= CHECKPOINT:
        piece.save()


class _Pouring:
    """Hands a piece's bytes from the network on to a thread, one block at a time and in order."""

    flight: _Flight

    def __init__(self, piece: Piece, *, room: int, is_checked: bool) -> None:
        self._piece = piece
        self._room = room
        self._may_save = not is_checked
        self._gathered: list[bytes] = []
        self._size = 0
        self._writing: asyncio.Future[None] | None = None
        self.received = 0

    async def pour(self, receive: Receive) -> bool:
        """Receive until the request ends; False when the sender went away first."""
        loop = asyncio.get_running_loop()
        handed_on = loop.time()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return False
            if chunk := message.get("body"):
                self._gathered.append(chunk)
                self._size += len(chunk)
                self.received += len(chunk)
                if self.received > self._room:
                    raise Said(413, "This piece would make the file longer than was announced.")
            if not message.get("more_body"):
                return True
            time = loop.time()
            if time - self.flight.heard_at > 1:
                self.flight.heard_at = time
                self.flight.patience.reschedule(time + IDLE)
            is_idle = self._writing is None or self._writing.done()
            is_due = self._size >= BLOCK or (
                self._size >= LEAST_BLOCK and time - handed_on > LINGER
            )
            if (is_idle and is_due) or self._size >= MOST_GATHERED:
                await self._hand_on()
                handed_on = time

    async def _hand_on(self) -> None:
        if self._writing:
            await self._writing
        blocks, self._gathered, self._size = self._gathered, [], 0
        loop = asyncio.get_running_loop()
        self._writing = loop.run_in_executor(_disk, _write, self._piece, blocks, self._may_save)

    async def rest(self) -> list[bytes]:
        """Return what was not handed on yet, once the thread is done with what was. Raises
        OSError.
        """
        if self._writing:
            await self._writing
        return self._gathered

    async def settled(self) -> None:
        """Wait until no thread is writing."""
        if self._writing and not self._writing.done():
            await asyncio.wait([self._writing])


async def finish(token: UploadToken, upload: Upload, *, at: datetime) -> Upload:
    """Take a complete upload in as an item, once.

    Raises Said 460 when the bytes are not what the device hashed, Refused, Conflict, Busy,
    NotFound, OSError.
    """
    _known.pop(upload.id, None)
    return await on_record(_finish, token=token, upload=upload, at=at)


def _finish(*, token: UploadToken, upload: Upload, at: datetime) -> Upload:
    folder, upload_id = incoming(), str(upload.id)
    with held(upload) as piece:
        mark = piece.mark if piece else folder.saved(upload_id)
        path = piece.take() if piece else folder.data(upload_id)
        landed = Landed(store=current_store(), landing=path, sha256=mark.sha256, size=mark.offset)
        try:
            if upload.device_sha256 not in ("", mark.sha256):
                raise Said(
                    CHECKSUM_MISMATCH,
                    "The file here is not the file that was hashed. Send it again from the start.",
                )
            done = commands.finish_upload(
                actor=token.actor, at=at, upload_id=upload.id, source=landed
            )
        except (Refused, Conflict, Said) as no:
            commands.refuse_upload(actor=token.actor, at=at, upload_id=upload.id, why=str(no))
            folder.remove(upload_id)
            raise
    folder.remove(upload_id)
    return done


@contextmanager
def held(upload: Upload) -> Iterator[Piece | None]:
    """Hold an upload against other writers; None when its bytes have left the incoming folder.
    Raises Busy.
    """
    try:
        piece = incoming().open(str(upload.id))
    except Gone:
        yield None
        return
    try:
        yield piece
    finally:
        piece.close()
