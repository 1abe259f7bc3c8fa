"""How passwords and recovery codes are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """Argon2id with the least memory that OWASP recommends: Django's would take 100 MiB a time.

    OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one thread (ASVS 5.0, 11.4.2).
    """

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1
