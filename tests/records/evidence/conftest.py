"""Actors who hand in evidence and open it, and the reports that it belongs to."""

from uuid import UUID

import pytest

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.records.evidence.rules import Subject

REPORT = Subject("report", UUID(int=1))
OTHER_REPORT = Subject("report", UUID(int=2))


@pytest.fixture
def dev(db: None) -> Actor:
    """Dev, evidence officer of force 01."""
    # Django starts after this file is read.
    from bluelamp.demo import cast
    from tests.cast import signed_in

    return signed_in(cast.DEV)


@pytest.fixture
def esi() -> Actor:
    """Esi, who reports a burglary and has no account."""
    # Django starts after this file is read.
    from bluelamp.foundation.accounts.actors import public_actor

    return public_actor(address="203.0.113.7")


@pytest.fixture
def femi(db: None) -> Actor:
    """Femi, officer of another force, who must never get in."""
    # Django starts after this file is read.
    from dataclasses import replace

    from bluelamp.demo import cast
    from tests.cast import signed_in

    femi = signed_in(cast.FEMI)
    # Every permission there is in evidence: only the force may keep Femi out.
    permissions = {"evidence.take_in", "evidence.view", "evidence.copy", "upload.token"}
    return replace(femi, permissions=femi.permissions | permissions)
