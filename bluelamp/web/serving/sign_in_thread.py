"""A thread of its own for signing in, so that hashing a password keeps no page waiting.

A hash takes as long as a dozen pages, on purpose. In the pool of the pages, eight people who try
passwords would be enough for everybody else to wait seconds. Here one is computed at a time in each
process, and when many wait, the next one is told so at once.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from bluelamp.foundation.kernel.asgi_types import Scope

R = TypeVar("R")
MAX_WAITING = 8
RETRY_AFTER = 5  # seconds
BUSY = (
    "Many people are signing in at this moment. Wait a few seconds, then go back and try again.\n"
)
# Every form that a password, a code or a passkey is sent with is below one of these.
_PREFIXES = ("/sign-in/", "/account/")
# Scripts ask these often, and they compute no hash.
_QUICK = ("/options/", "/session/")
# Below the pages' threads, which have the processor first.
_NICENESS = 5


class TooManyWaiting(Exception):
    """So many sign-ins wait already that another one would wait too long."""


class SignInThread:
    """Runs one sign-in after the other."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(
            1, thread_name_prefix="sign-in", initializer=_lower_priority
        )
        self._count = 0

    async def run(self, function: Callable[..., R], *args: object) -> R:
        """Run a function in the thread, once all before it are done.

        Raises:
            TooManyWaiting: MAX_WAITING functions wait already.
        """
        if self._count > MAX_WAITING:
            raise TooManyWaiting
        self._count += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, function, *args)
        finally:
            self._count -= 1


def is_sign_in(scope: Scope) -> bool:
    """Say whether a request may have a password hashed."""
    path = str(scope["path"])
    return scope["method"] == "POST" and path.startswith(_PREFIXES) and not path.endswith(_QUICK)


def _lower_priority() -> None:
    """Have the kernel prefer the other threads of this process."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
