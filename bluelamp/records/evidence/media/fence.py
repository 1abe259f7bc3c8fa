"""The fence a child puts round itself before it looks at a hostile byte.

Two halves, because libraries must be loaded between them: `cap_resources` first, `shut_in` last.
Both say what really holds, since not every kernel, container or user may do everything:

- *memory, processor time, file size*: POSIX resource limits; hold wherever the kernel has them (macOS ignores
  memory).
- *files*: no file descriptor above those already open can be made, so nothing more can be opened, on any
  kernel.
- *network*: an empty network namespace where permitted. Where it is not (many containers), a socket still
  needs a file descriptor, and *files* allows none.
- *processes*: no new process. Holds where the child has a user id or a user namespace of its own, or needs no
  thread; it never holds for a HEIC picture decoded by an ordinary user whose kernel forbids user namespaces,
  because the limit would count that user's other processes. The wall clock still ends the whole group.
- *privileges*: no_new_privs, no capabilities, and, started by root, a user id that owns nothing.

What the fence does not do: hide the file names that an exec could use, or hold against a fault in
the kernel itself.
"""

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_CAPABILITY_VERSION_3 = 0x20080522
_OWNERLESS_IDS = 1_900_000_000
"""User ids above this are given to nobody; one per child, so that its process limit counts only
itself.
"""
_DECODER_THREADS = 4


class Fence:
    """What holds so far, by name; see the module's docstring for the names."""

    def __init__(self) -> None:
        self.holds: dict[str, bool] = dict.fromkeys(
            (
                "memory",
                "processor time",
                "file size",
                "files",
                "processes",
                "network",
                "privileges",
            ),
            False,
        )
        self._libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
        self._counted_alone = False

    def cap_resources(self, *, memory_bytes: int, cpu_seconds: int, output_bytes: int) -> None:
        """Set the limits that libraries can be loaded under, and leave the network. Never
        raises.
        """
        self.holds["memory"] = _lower(resource.RLIMIT_AS, memory_bytes) and sys.platform == "linux"
        self.holds["processor time"] = _lower(resource.RLIMIT_CPU, cpu_seconds)
        self.holds["file size"] = _lower(resource.RLIMIT_FSIZE, output_bytes)
        _lower(resource.RLIMIT_CORE, 0)
        if self._libc is None:
            return
        self._libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        self._libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        if os.geteuid() == 0 and self._libc.unshare(_CLONE_NEWNET) == 0:
            self.holds["network"] = True
        elif self._libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0:
            self.holds["network"] = self._counted_alone = True

    def shut_in(self, *, open_files: int, threads: bool) -> None:
        """Give up privileges, then the means to open anything. Never raises.

        `open_files` is how many descriptors, counted from 0, stay usable; `threads` says whether
        the decoder to come cannot do without threads.
        """
        if os.geteuid() == 0 and not self._counted_alone:
            with suppress(OSError):
                own = _OWNERLESS_IDS + os.getpid()
                os.setgroups([])
                os.setresgid(own, own, own)
                os.setresuid(own, own, own)
                self._counted_alone = True
        dropped = self._drop_capabilities()
        self.holds["privileges"] = dropped and os.geteuid() != 0
        if self._counted_alone or not threads:
            self.holds["processes"] = _lower(resource.RLIMIT_NPROC, 1 + _DECODER_THREADS * threads)
            self.holds["processes"] = self.holds["processes"] and os.geteuid() != 0
        os.closerange(open_files, 4096)
        self.holds["files"] = _lower(resource.RLIMIT_NOFILE, open_files)
        self.holds["network"] = self.holds["network"] or self.holds["files"]

    def _drop_capabilities(self) -> bool:
        if self._libc is None:
            return False
        header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
        none = (ctypes.c_uint32 * 6)()
        dropped: int = self._libc.capset(header, none)
        locked: int = self._libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return dropped == 0 and locked == 0


def _lower(what: int, value: int) -> bool:
    """Lower a limit for good: soft and hard."""
    _, hard = resource.getrlimit(what)
    ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(what, (ceiling, ceiling))
    except (OSError, ValueError):
        return False
    return True
