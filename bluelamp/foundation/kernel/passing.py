"""Faults that pass without anybody changing the program: a full disk, a database that is away. Ask
again later.
"""

import errno
import os
from pathlib import Path

from django.db import InterfaceError, OperationalError

LEFT_FREE = 1024**3
"""Bytes left for the database on the same disk, which stops when it cannot write."""

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def is_full(fault: BaseException) -> bool:
    """Say whether the disk, or somebody's share of it, refused more bytes."""
    return isinstance(fault, OSError) and fault.errno in _NO_ROOM


def is_passing(fault: BaseException) -> bool:
    """Say whether the same request may well succeed in a while: nothing was recorded by the one
    that failed so.
    """
    return is_full(fault) or isinstance(fault, OperationalError | InterfaceError)


def find_room(place: int | Path, size: int = 0) -> None:
    """Raise OSError (ENOSPC) when `size` bytes more on the disk of a file or folder would leave too
    little.
    """
    disk = os.statvfs(place)
    if disk.f_bavail * disk.f_frsize < size + LEFT_FREE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
