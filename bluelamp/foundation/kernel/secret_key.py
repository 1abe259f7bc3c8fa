"""Keys that are derived from the secret key, one for each purpose.

After the secret key was replaced, what the old one encrypted can still be read for as long as
BLUELAMP_SECRET_KEY_OLD names it (docs/security/keys.md).
"""

import base64

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def derive_key(secret_key: str, *, info: bytes, length: int = 32) -> bytes:
    """Return the key for one purpose.

    Args:
        secret_key: The secret key that it comes from.
        info: The purpose. It is a part of the key, so it never changes.
        length: How many bytes.
    """
    # No salt: the same key must come out on every node. `info` keeps the purposes apart.
    return HKDF(SHA256(), length=length, salt=None, info=info).derive(secret_key.encode())


def derive_fernet(*, info: bytes) -> MultiFernet:
    """Return what encrypts for one purpose. It also decrypts what the old secret key encrypted."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(derive_key(key, info=info))) for key in keys]
    )
