"""The sandbox that a worker process puts itself into before it reads a hostile byte.

It has two halves, because libraries must be loaded between them: `limit_resources` first,
`drop_privileges` last. Both record what really applies, since not every kernel, container or user
may do everything:

- *memory, processor time, file size*: POSIX resource limits. They apply wherever the kernel has
  them (macOS ignores memory).
- *files*: no file descriptor above those already open can be made, so nothing more can be opened,
  on any kernel.
- *network*: an empty network namespace where permitted. Where it is not (many containers), a socket
  still needs a file descriptor, and *files* allows none.
- *processes*: no new process. Applies where the worker has a user id or a user namespace of its
  own, or needs no thread. It never applies to a HEIC picture decoded by an ordinary user whose
  kernel forbids user namespaces, because the limit would count that user's other processes. The
  wall clock still ends the whole process group.
- *privileges*: no_new_privs, no capabilities, and, started by root, a user id that owns nothing.

What the sandbox does not do: hide the file names that an exec could use, or resist a fault in the
kernel itself.
"""

import ctypes
import os
import resource
import signal
import sys
from contextlib import suppress

# Constants of Linux that Python does not name: sched.h, prctl.h and capability.h.
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_CAPABILITY_VERSION_3 = 0x20080522
# User ids above this belong to nobody. Each worker gets one of its own, so that its process limit
# counts only itself.
_UNUSED_USER_IDS = 1_900_000_000
_DECODER_THREADS = 4
_LIMIT_NAMES = (
    "memory",
    "processor time",
    "file size",
    "files",
    "processes",
    "network",
    "privileges",
)


class Sandbox:
    """The limits on this process.

    `limits` says, for each name in the module's docstring, whether that limit applies so far.
    """

    def __init__(self) -> None:
        self.limits: dict[str, bool] = dict.fromkeys(_LIMIT_NAMES, False)
        self._libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
        # Whether RLIMIT_NPROC would count this process only, not all of the user's processes.
        self._has_own_process_count = False

    def limit_resources(self, *, memory_bytes: int, cpu_seconds: int, output_bytes: int) -> None:
        """Set the limits under which libraries can still be loaded, and leave the network.

        Never raises: see `limits` for what applies.
        """
        # macOS accepts RLIMIT_AS and then ignores it.
        self.limits["memory"] = (
            _lower_limit(resource.RLIMIT_AS, memory_bytes) and sys.platform == "linux"
        )
        self.limits["processor time"] = _lower_limit(resource.RLIMIT_CPU, cpu_seconds)
        self.limits["file size"] = _lower_limit(resource.RLIMIT_FSIZE, output_bytes)
        # A core dump would write the victim's file to wherever cores go.
        _lower_limit(resource.RLIMIT_CORE, 0)
        if self._libc is None:
            return
        self._libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        self._libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        # Root may leave the network as it is; anybody else needs a user namespace for it, which
        # many kernels and containers refuse.
        if os.geteuid() == 0 and self._libc.unshare(_CLONE_NEWNET) == 0:
            self.limits["network"] = True
        elif self._libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0:
            self.limits["network"] = self._has_own_process_count = True

    def drop_privileges(self, *, open_files: int, threads: bool) -> None:
        """Give up privileges, then the means to open anything.

        Never raises: see `limits` for what applies.

        Args:
            open_files: How many descriptors, counted from 0, stay usable.
            threads: Whether the decoder to come cannot work without threads.
        """
        if os.geteuid() == 0 and not self._has_own_process_count:
            with suppress(OSError):
                unused_id = _UNUSED_USER_IDS + os.getpid()
                # Groups before the user: once the user id has changed, the groups cannot.
                os.setgroups([])
                os.setresgid(unused_id, unused_id, unused_id)
                os.setresuid(unused_id, unused_id, unused_id)
                self._has_own_process_count = True
        is_without_capabilities = self._drop_capabilities()
        self.limits["privileges"] = is_without_capabilities and os.geteuid() != 0
        if self._has_own_process_count or not threads:
            is_limited = _lower_limit(resource.RLIMIT_NPROC, 1 + _DECODER_THREADS * threads)
            # The kernel does not hold root to RLIMIT_NPROC.
            self.limits["processes"] = is_limited and os.geteuid() != 0
        os.closerange(open_files, 4096)
        self.limits["files"] = _lower_limit(resource.RLIMIT_NOFILE, open_files)
        # A socket is a file descriptor too.
        self.limits["network"] = self.limits["network"] or self.limits["files"]

    def _drop_capabilities(self) -> bool:
        """Drop every capability for good. Returns whether the kernel did so."""
        if self._libc is None:
            return False
        header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
        no_capabilities = (ctypes.c_uint32 * 6)()
        capset_result: int = self._libc.capset(header, no_capabilities)
        prctl_result: int = self._libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return capset_result == 0 and prctl_result == 0


def _lower_limit(limit: int, value: int) -> bool:
    """Lower a resource limit for good, soft and hard. Returns whether the kernel accepted it."""
    _, hard = resource.getrlimit(limit)
    # Nobody but root may raise a hard limit, so an operator's lower one stays.
    ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
    try:
        resource.setrlimit(limit, (ceiling, ceiling))
    except (OSError, ValueError):
        return False
    return True
