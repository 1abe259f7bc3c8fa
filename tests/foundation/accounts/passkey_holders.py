"""People with passkeys, for the tests of sign-in."""

import json
import time
from datetime import datetime

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from bluelamp.foundation.accounts.commands import SIGN_IN_ACTOR, register_passkey
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.accounts.passkeys import begin_registration
from bluelamp.foundation.accounts.totp import PERIOD, activate_totp, new_totp_secret
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from tests.direct_writes import direct_writes
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


def give_app(user: User, at: datetime) -> str:
    """Set up an authenticator app for a person, and return its secret."""
    secret = new_totp_secret()
    with direct_writes():
        activate_totp(user, secret, at=at)
    return secret


def code_of(secret: str, at: datetime) -> str:
    """Return what an authenticator app with this secret shows at a time."""
    return str(format_hotp_value(hotp_value(secret, int(at.timestamp()) // PERIOD)))


def current_code(secret: str) -> str:
    """Return what the app shows now; at the end of a half minute, what it shows in the next."""
    if now().timestamp() % PERIOD > PERIOD - 2:
        time.sleep(2)
    return code_of(secret, now())
