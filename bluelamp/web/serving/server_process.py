"""What a process of the web server asks of the operating system."""

from __future__ import annotations

import ctypes
import signal
import sys

_PR_SET_PDEATHSIG = 1
# mallopt(3): the parameters, and how many bytes. Bodies in memory are smaller than the first.
_M_TRIM_THRESHOLD, _TRIM_BYTES = -1, 64 * 1024**2
_M_MMAP_THRESHOLD, _MMAP_BYTES = -3, 8 * 1024**2


def end_with_parent_process() -> None:
    """Have the kernel kill this process when its parent ends, however that happens.

    A worker left behind by a killed server would keep its port, and the next start would fail.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def keep_freed_memory() -> None:
    """Have the C library keep the memory of one photo for the next, in this process.

    By itself it gives some back to the system and takes it again, and each new page of it is
    cleared first: up to 350 for a report of 2 MB, and about 25 like this. Where there is no glibc,
    nothing changes.
    """
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(_M_MMAP_THRESHOLD, _MMAP_BYTES)
        library.mallopt(_M_TRIM_THRESHOLD, _TRIM_BYTES)
