"""Everything that one server process remembers about uploads between requests, in one place.

None of it is needed for correctness: it is all lost when the process ends, and the next process
goes on from the database, the spool and its journals. What a second node would need is said at
each.

The spool itself is a folder on this machine's disk. On a second node, a resumed upload must reach
the node that has its bytes (a sticky route for `/uploads/<id>`), or the folder must be shared
between nodes with working file locks.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import ParamSpec, TypeVar
from uuid import UUID

from django.db import close_old_connections

from bluelamp.records.evidence.models import Upload
from bluelamp.records.evidence.store import current_store
from bluelamp.records.evidence.uploads.spool import Spool

P = ParamSpec("P")
R = TypeVar("R")

_MAX_RECENT_UPLOADS = 4096

# Files and the database block, and the event loop must not. There are two small pools, apart from
# each other and from the pages' pool: a slow disk then holds up neither the database work of other
# uploads nor any page. Four threads are enough, because a chunk has a thread only while a block of
# it is hashed and written, and hashing and fsync release the GIL. Each database thread keeps one
# connection, so their number is also the number of connections.
# Lost when the process ends: writes not yet acknowledged. A second node has pools of its own.
_disk_threads = ThreadPoolExecutor(4, thread_name_prefix="upload-disk")
_db_threads = ThreadPoolExecutor(4, thread_name_prefix="upload-db")


async def run_in_disk_thread(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run blocking file work in a thread."""
    return await start_in_disk_thread(function, *args, **kwargs)


def start_in_disk_thread(
    function: Callable[P, R], *args: P.args, **kwargs: P.kwargs
) -> asyncio.Future[R]:
    """Start blocking file work in a thread, and return its future at once."""
    loop = asyncio.get_running_loop()
    return loop.run_in_executor(_disk_threads, partial(function, *args, **kwargs))


async def run_in_db_thread(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run work on the database in a thread."""
    work = partial(_with_fresh_connection, function, *args, **kwargs)
    return await asyncio.get_running_loop().run_in_executor(_db_threads, work)


def _with_fresh_connection(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    # Django does this around each of its own requests; this is not one of them.
    close_old_connections()
    try:
        return function(*args, **kwargs)
    finally:
        close_old_connections()


@dataclass(slots=True)
class Transfer:
    """A chunk that is being received.

    Attributes:
        last_data_at: When bytes last came, on the event loop's clock.
        timeout: Ends the receiving; rescheduled whenever bytes come.
        has_ended: Set once what came of the chunk is saved and the upload is unlocked.
    """

    last_data_at: float
    timeout: asyncio.Timeout
    has_ended: asyncio.Event


# Chunks that this process is receiving, by their upload. They are here so that a sender who is back
# on a new connection can end the old one's chunk. Only the event loop touches them.
# Lost when the process ends: nothing, as the connections end with it. A second node could not end a
# transfer of the first, and its sender would get 423 until the old connection times out.
transfers: dict[UUID, Transfer] = {}

# What is in the database about recently used uploads, so that each chunk of a large file need not
# ask for it. Only the event loop touches it. An entry is trusted only while the upload's bytes are
# in the spool: they leave it when the upload is finished, ended, refused or swept. Lost when the
# process ends: one query for each upload that goes on. With a spool shared between nodes the same
# check holds for each of them.
_recent_uploads: OrderedDict[UUID, Upload] = OrderedDict()


def cache_upload(upload: Upload) -> None:
    """Keep an upload that is arriving, for its next chunk."""
    _recent_uploads[upload.id] = upload
    if len(_recent_uploads) > _MAX_RECENT_UPLOADS:
        _recent_uploads.popitem(last=False)


def get_cached_upload(upload_id: UUID) -> Upload | None:
    """Return an upload that was used recently and is still arriving, or None."""
    upload = _recent_uploads.get(upload_id)
    # On the event loop although it touches the disk: a stat is quicker than handing it to a thread.
    if upload and current_spool().data_path(str(upload_id)).exists():
        _recent_uploads.move_to_end(upload_id)
        return upload
    uncache_upload(upload_id)
    return None


def uncache_upload(upload_id: UUID) -> None:
    """Make the next request for this upload ask the database again."""
    _recent_uploads.pop(upload_id, None)


def current_spool() -> Spool:
    """Return the spool beside the present store.

    It remembers running hashes. Lost when the process ends: the bytes of an upload that goes on are
    hashed once more. A second node that shares the folder does the same, and compares the hash with
    the journal.
    """
    return _spool_in(current_store().incoming_folder)


@lru_cache(maxsize=8)
def _spool_in(folder: Path) -> Spool:
    return Spool(folder)
