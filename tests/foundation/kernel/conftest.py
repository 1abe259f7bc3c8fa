"""The kernel lies below commands: its functions are called inside them, and tested without one."""

from collections.abc import Iterator

import pytest

from bluelamp.foundation.kernel.database.write_guard import Exemption, writes_outside_commands


@pytest.fixture(autouse=True)
def _direct_writes() -> Iterator[None]:
    with writes_outside_commands(Exemption.TEST):
        yield
