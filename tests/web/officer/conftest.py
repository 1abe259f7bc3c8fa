"""Ada's devices, and those of people who must be refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bluelamp.demo import cast

if TYPE_CHECKING:
    from tests.web.officer.device import Device


def _phone_of(player: cast.Player) -> Device:
    from tests.web.officer.device import Device

    return Device.of(player)


@pytest.fixture
def device(reference: None) -> Device:
    """Ada's phone."""
    return _phone_of(cast.ADA)


@pytest.fixture
def other_device(reference: None) -> Device:
    """Another phone of Ada's."""
    return _phone_of(cast.ADA)


@pytest.fixture
def femis_device(reference: None) -> Device:
    """The phone of Femi, an officer of another force."""
    return _phone_of(cast.FEMI)
