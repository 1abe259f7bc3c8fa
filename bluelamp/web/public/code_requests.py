"""What the pages share that ask for a reference and send a one-time code.

A cookie holds the reference until the code is entered, with a secret: a code for an address that is
not confirmed can be used only in the browser that asked for it.
"""

import secrets
from typing import NamedTuple

from django.http import HttpRequest
from django.utils.translation import gettext as _

from bluelamp.foundation.kernel.errors import Refused

SECRET_BYTES = 16
# Six digits, with room for what people put between and around them.
MAX_CODE_LENGTH = 40


class AskedFor(NamedTuple):
    """The reference that a code was asked for, and the browser's secret. Both may be ""."""

    reference: str
    secret: str

    def __str__(self) -> str:
        """Return what the cookie holds. No reference has a space in it."""
        return f"{self.reference} {self.secret}"


def read_asked_for(cookie: str) -> AskedFor:
    """Return what a cookie says."""
    reference, _space, secret = cookie.partition(" ")
    return AskedFor(reference, secret)


def ask_for(reference: str, earlier: AskedFor) -> AskedFor:
    """Return what the cookie is to say now. The browser keeps its secret for the same reference."""
    # Another reference may be another person's: a secret says only what was shown for one.
    is_again = earlier.secret and earlier.reference == reference
    secret = earlier.secret if is_again else secrets.token_urlsafe(SECRET_BYTES)
    return AskedFor(reference, secret)


def read_typed_facts(request: HttpRequest) -> dict[str, str]:
    """Return what was typed to get a code at an address that is not confirmed yet."""
    return {name: request.POST.get(name, "") for name in ("name", "detail")}


def read_typed_code(typed: str) -> str:
    """Return what was typed as a one-time code, cut to the length that is looked at.

    Raises:
        Refused: It cannot be a code. It must not use up one of the tries.
    """
    if not any(character.isdigit() for character in typed[:MAX_CODE_LENGTH]):
        raise Refused(_("Enter the 6-digit code we sent you"), field="code")
    return typed[:MAX_CODE_LENGTH]
