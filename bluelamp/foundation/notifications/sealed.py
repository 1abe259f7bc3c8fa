"""Words of a message that open something, kept unreadable in the database until they are handed
over.

They are encrypted under a key made from BLUELAMP_SECRET_KEY, which is not in the database: neither
a backup nor whoever reads tables tells a code while it still works. After the handing over they are
taken out (`without_secrets`).
"""

import base64
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from bluelamp.foundation.notifications.rules import SECRET_GAPS


class CannotBeRead(Exception):
    """The words were sealed under another BLUELAMP_SECRET_KEY, or changed since."""


def sealed(personalisation: dict[str, Any], *, template: str) -> dict[str, Any]:
    """Return a message's words with its secrets encrypted. `unsealed` undoes it."""
    return personalisation | {
        gap: _box().encrypt(words.encode()).decode()
        for gap, words in _secrets(personalisation, template)
    }


def unsealed(personalisation: dict[str, Any], *, template: str) -> dict[str, Any]:
    """Return a message's words as they are to be read. Raises CannotBeRead."""
    try:
        return personalisation | {
            gap: _box().decrypt(words).decode()
            for gap, words in _secrets(personalisation, template)
        }
    except InvalidToken:
        raise CannotBeRead(
            "Its code cannot be read any more: BLUELAMP_SECRET_KEY was changed."
        ) from None


def without_secrets(personalisation: dict[str, Any], *, template: str) -> dict[str, Any]:
    """Return a message's words with nothing where its secrets were."""
    return personalisation | {gap: "" for gap, _ in _secrets(personalisation, template)}


def _secrets(personalisation: dict[str, Any], template: str) -> list[tuple[str, str]]:
    gaps = SECRET_GAPS.get(template, frozenset())
    return [(gap, str(words)) for gap, words in personalisation.items() if gap in gaps and words]


def _box() -> Fernet:
    kept = HKDF(SHA256(), length=32, salt=None, info=b"bluelamp.foundation.notifications.sealed")
    return Fernet(base64.urlsafe_b64encode(kept.derive(settings.SECRET_KEY.encode())))
