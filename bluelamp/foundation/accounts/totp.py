"""Codes of an authenticator app (RFC 6238), on django-allauth's table and arithmetic.

allauth remembers in a cache which codes were used, and each of our processes has a cache of its
own: here the row remembers it, so that a code works once whichever process reads it.
"""

import base64
import hmac
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)

from bluelamp.foundation.accounts.mfa_adapter import MFAAdapter
from bluelamp.foundation.accounts.models import User

PERIOD = 30  # seconds


def new_totp_secret() -> str:
    """Return a random secret, as people can type it into their app."""
    return str(generate_totp_secret())


def totp_picture(user: User, secret: str) -> str:
    """Return the address of a picture, a data URL, that an app reads a secret from."""
    adapter = MFAAdapter()
    svg = adapter.build_totp_svg(adapter.build_totp_url(user, secret))
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def is_current_code(secret: str, code: str, *, at: datetime) -> bool:
    """Say whether this is the code that an app with this secret shows at a time.

    Codes of the half minute before are refused: ASVS 5.0, 6.5.5 allows 30 seconds.
    """
    expected = format_hotp_value(hotp_value(secret, _counter(at)))
    # Apps show a code in two halves. The comparison takes bytes: text may only be ASCII there.
    typed = "".join(code.split())
    return hmac.compare_digest(typed.encode("utf-8", "replace"), expected.encode())


def activate_totp(user: User, secret: str, *, at: datetime) -> None:
    """Store a person's secret instead of any earlier one. For use in a command.

    The code that proved it counts as used.
    """
    Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
    row = TOTP.activate(user, secret).instance
    row.data["last_counter"] = _counter(at)
    row.save()


def use_up_totp_code(user: User, code: str, *, at: datetime) -> bool:
    """Use up a code, and say whether it was right and new. For use in a command.

    The row is locked, so that two attempts at once cannot both use it.
    """
    row = (
        Authenticator.objects.select_for_update()
        .filter(user=user, type=Authenticator.Type.TOTP)
        .first()
    )
    # Not only the same half minute: if the clock is set back, old codes must not be good again.
    if row is None or row.data.get("last_counter", 0) >= _counter(at):
        return False
    if not is_current_code(MFAAdapter().decrypt(row.data["secret"]), code, at=at):
        return False
    row.data["last_counter"] = _counter(at)
    row.last_used_at = at
    row.save()
    return True


def _counter(at: datetime) -> int:
    return int(at.timestamp()) // PERIOD
