"""How passwords, recovery codes and tokens are hashed."""

import hashlib

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """Argon2id with the least memory that OWASP recommends: Django's would take 100 MiB a time.

    OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one thread (ASVS 5.0, 11.4.2).
    """

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1


def hash_token(token: str) -> str:
    """Return what the database holds instead of a token that we made.

    A plain hash is enough: the token is 256 random bits, which nobody can try out.
    """
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
