"""Transient faults: a full disk, a database that is away. The same request may succeed later."""

import errno
import os
from pathlib import Path

from django.db import InterfaceError, OperationalError

RESERVED_BYTES = 1024**3
"""Bytes always left free: a database on the same disk stops when it can no longer write."""

_DISK_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def is_full(fault: BaseException) -> bool:
    """Say whether the disk, or a user's quota on it, refused more bytes."""
    return isinstance(fault, OSError) and fault.errno in _DISK_FULL


def is_transient(fault: BaseException) -> bool:
    """Say whether the same request may succeed later, because this one recorded nothing."""
    return is_full(fault) or isinstance(fault, OperationalError | InterfaceError)


def has_free_share(place: int | Path, percent: int, size: int = 0) -> bool:
    """Say whether a disk would still have this share of its room free, beside the reserve, after
    more bytes were written.

    It counts as `df` does: what only root may use belongs to nobody.

    Args:
        place: A file, folder or file descriptor on the disk.
        percent: The share that is to stay free.
        size: How many bytes are to be written.
    """
    disk = os.statvfs(place)
    # Without the blocks that only root may fill.
    usable = disk.f_blocks - disk.f_bfree + disk.f_bavail
    reserve = max(RESERVED_BYTES, usable * disk.f_frsize * percent // 100)
    return disk.f_bavail * disk.f_frsize >= size + reserve


def require_free_space(place: int | Path, size: int = 0) -> None:
    """Check that a disk has room for more bytes and the reserve.

    Args:
        place: A file, folder or file descriptor on the disk.
        size: How many bytes are to be written.

    Raises:
        OSError: ENOSPC, where less than `RESERVED_BYTES` would be left.
    """
    disk = os.statvfs(place)
    # f_bavail and not f_bfree, which counts the blocks that only root may use.
    if disk.f_bavail * disk.f_frsize < size + RESERVED_BYTES:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
