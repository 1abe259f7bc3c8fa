"""The key that a browser encrypts unsent desk forms with, on the device they are typed on.

Each person has their own. It is in the pages that they see while signed in and in no storage of
the browser, so whoever uses the same computer next can read nothing of theirs.
"""

import base64
from typing import NamedTuple
from uuid import UUID

from django.conf import settings

from bluelamp.foundation.kernel.secret_key import derive_key

_KEY_BYTES, _OWNER_BYTES = 32, 8


class DraftKey(NamedTuple):
    """Somebody's key in base64, and a name for them that says nothing about who they are."""

    key: str
    owner: str


def draft_key(user_id: UUID) -> DraftKey:
    """Return somebody's key for AES-256-GCM. It stays the same from session to session."""
    info = b"bluelamp.web.draft_keys " + user_id.bytes
    derived = derive_key(settings.SECRET_KEY, info=info, length=_KEY_BYTES + _OWNER_BYTES)
    # The rest tells a browser whose drafts these are, and nothing about the key.
    return DraftKey(base64.b64encode(derived[:_KEY_BYTES]).decode(), derived[_KEY_BYTES:].hex())
