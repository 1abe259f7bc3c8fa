"""Writing tables past the commands, in tests alone."""

from contextlib import AbstractContextManager

from bluelamp.foundation.kernel.database.write_guard import Exemption, writes_outside_commands


def direct_writes() -> AbstractContextManager[None]:
    """Allow writes outside a command in the block.

    For a test that sets up rows which no command makes, or tampers with rows to see whether that is
    noticed. Never around the code under test: what it writes must be guarded there as everywhere.
    """
    return writes_outside_commands(Exemption.TEST)
