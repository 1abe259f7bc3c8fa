"""People with passkeys, for the tests of sign-in."""

import json
from datetime import datetime

from bluelamp.foundation.accounts.commands import SIGN_IN_ACTOR, register_passkey
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.accounts.passkeys import begin_registration
from bluelamp.foundation.kernel.actor import Actor
from tests.foundation.accounts.browser_passkey import BrowserPasskey


def own_actor(user: User) -> Actor:
    """Return a person as they change their own ways to sign in."""
    return Actor(
        kind="person",
        id=user.id,
        name=user.display_name,
        force=user.force,
        permissions=SIGN_IN_ACTOR.permissions,
        address="203.0.113.7",
    )


def give_passkey(user: User, at: datetime, name: str = "Laptop") -> BrowserPasskey:
    """Register a new passkey for a person."""
    passkey = BrowserPasskey()
    options, ceremony = begin_registration(user, at=at)
    credential = json.loads(passkey.create(options))
    register_passkey(
        actor=own_actor(user), at=at, ceremony=ceremony, credential=credential, name=name
    )
    return passkey
