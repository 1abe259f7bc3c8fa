"""Actors who hand evidence in and look at it."""

from uuid import UUID

import pytest

from bluelamp.foundation.kernel.actor import Actor

OFFICER = {"evidence.take_in", "evidence.view", "evidence.copy", "upload.token"}


@pytest.fixture
def dev() -> Actor:
    """Dev, evidence officer of force 01."""
    return Actor("person", UUID(int=4), "Dev Patel", "01", frozenset(OFFICER), collar="4401")


@pytest.fixture
def esi() -> Actor:
    """Esi, who reports a burglary and has no account."""
    return Actor.public(address="203.0.113.7")


@pytest.fixture
def femi() -> Actor:
    """Femi, officer of another force, who must never get in."""
    return Actor("person", UUID(int=9), "Femi Ade", "43", frozenset(OFFICER), collar="9901")
