"""Fixtures for sign-in: an account, and somebody with a passkey."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from pytest_django import Settings

from bluelamp.demo import cast
from bluelamp.foundation.kernel.actor import Actor
from tests.foundation.accounts.browser_passkey import BrowserPasskey

if TYPE_CHECKING:
    from bluelamp.foundation.accounts.models import User


@pytest.fixture(autouse=True)
def localhost(settings: Settings) -> None:
    """Serve at an address for which browsers make passkeys."""
    settings.BLUELAMP_ORIGIN = "http://localhost"


@pytest.fixture
def user(db: None) -> User:
    """Bilal's account."""
    from tests.cast import account  # needs Django, which is ready once the tests are collected

    return account(cast.BILAL)


@pytest.fixture
def own(user: User) -> Actor:
    """Bilal, as he changes his own ways to sign in."""
    from tests.foundation.accounts.passkey_holders import own_actor

    return own_actor(user)


@pytest.fixture
def passkey(user: User, at: datetime) -> BrowserPasskey:
    """Bilal's passkey."""
    from tests.foundation.accounts.passkey_holders import give_passkey

    return give_passkey(user, at)
