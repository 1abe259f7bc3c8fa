"""Writing tables past the commands, in tests alone."""

from collections.abc import Iterator
from contextlib import contextmanager

from bluelamp.foundation.kernel.database.write_guard import Exemption, writes_outside_commands
from tests.serving_role import acting_as_owner


@contextmanager
def direct_writes() -> Iterator[None]:
    """Allow writes outside a command in the block, as the owner of the tables.

    For a test that sets up rows which no command makes, or tampers with rows to see whether that is
    noticed. Never around the code under test: what it writes must be guarded there as everywhere,
    and must be among what the role that serves may do.
    """
    with writes_outside_commands(Exemption.TEST), acting_as_owner():
        yield
