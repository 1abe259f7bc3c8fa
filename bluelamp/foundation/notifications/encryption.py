"""Encrypts the values in a message that open something, such as a one-time code.

The key is made from BLUELAMP_SECRET_KEY, which is not in the database: neither a backup nor anyone
who reads the tables learns a code while it still works. Once the message is sent, the values are
deleted (`remove_secrets`).
"""

from typing import Any

from cryptography.fernet import InvalidToken

from bluelamp.foundation.kernel.secret_key import derive_fernet
from bluelamp.foundation.notifications.rules import SECRET_PLACEHOLDERS

# A part of the key: with another one, the secrets of waiting messages could not be read.
_INFO = b"bluelamp.foundation.notifications.sealed"


class CannotDecrypt(Exception):
    """A value was encrypted under another BLUELAMP_SECRET_KEY, or was changed since."""


def encrypt_secrets(personalisation: dict[str, Any], *, template: str) -> dict[str, Any]:
    """Return a message's values with its secrets encrypted. `decrypt_secrets` undoes it."""
    return personalisation | {
        name: derive_fernet(info=_INFO).encrypt(value.encode()).decode()
        for name, value in _secrets(personalisation, template)
    }


def decrypt_secrets(personalisation: dict[str, Any], *, template: str) -> dict[str, Any]:
    """Return a message's values as they are to be sent.

    Raises:
        CannotDecrypt: The key is not the one that a secret was encrypted under.
    """
    try:
        return personalisation | {
            name: derive_fernet(info=_INFO).decrypt(value).decode()
            for name, value in _secrets(personalisation, template)
        }
    except InvalidToken:
        raise CannotDecrypt(
            "The code in this message cannot be read, because BLUELAMP_SECRET_KEY was changed."
        ) from None


def remove_secrets(personalisation: dict[str, Any], *, template: str) -> dict[str, Any]:
    """Return a message's values with "" for each secret."""
    return personalisation | {name: "" for name, _ in _secrets(personalisation, template)}


def _secrets(personalisation: dict[str, Any], template: str) -> list[tuple[str, str]]:
    secret = SECRET_PLACEHOLDERS.get(template, frozenset())
    return [
        (name, str(value)) for name, value in personalisation.items() if name in secret and value
    ]
