"""The kernel lies below commands: its functions are called inside them, and tested without one."""

from collections.abc import Iterator

import pytest

from tests.direct_writes import direct_writes


@pytest.fixture(autouse=True)
def _direct_writes() -> Iterator[None]:
    with direct_writes():
        yield
