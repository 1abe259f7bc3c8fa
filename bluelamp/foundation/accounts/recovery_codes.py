"""Recovery codes: ten codes on paper for the day on which a device is lost.

allauth would keep the codes themselves, encrypted. Here only hashes are stored, in allauth's row,
because a code is short enough to be tried out by whoever reads the table (ASVS 5.0, 6.5.2). The
first part of a code says which it is, so that only one hash has to be computed for an attempt.
"""

import secrets
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import check_password, make_password

from bluelamp.foundation.accounts.models import User

CODE_COUNT = 10
# Without i, l, o and u, which are misread or make words (Crockford's base 32). A code has 40 secret
# bits beside the 20 that say which it is.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
# Codes are copied from paper: what looks alike counts as the same, and spaces don't count.
_MISREAD = str.maketrans("ilo", "110", "- \t")
_PART = 4
_NO_HASH = "!"  # Django computes a hash for it, and says no.


def replace_recovery_codes(user: User, *, at: datetime) -> list[str]:
    """Give a person new recovery codes instead of any earlier ones, and return them.

    They cannot be shown again. For use in a command.
    """
    hashes: dict[str, str] = {}
    codes = []
    while len(hashes) < CODE_COUNT:
        first, second, third = (
            "".join(secrets.choice(_ALPHABET) for _ in range(_PART)) for _ in range(3)
        )
        if first not in hashes:
            # The first part finds the hash, so that one slow comparison is enough and not ten.
            hashes[first] = make_password(second + third)
            codes.append(f"{first}-{second}-{third}")
    Authenticator.objects.update_or_create(
        user=user,
        type=Authenticator.Type.RECOVERY_CODES,
        defaults={"data": {"hashes": hashes}, "created_at": at, "last_used_at": None},
    )
    return codes


def count_recovery_codes(user: User) -> int:
    """Return how many unused recovery codes a person has."""
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return len(row.data["hashes"]) if row else 0


def use_up_recovery_code(user: User | None, code: str, *, at: datetime) -> bool:
    """Use up a recovery code, and say whether it was one. For use in a command.

    The row is locked, so that two attempts at once cannot both use it. It takes as long for nobody
    and for somebody without codes.
    """
    code = code.lower().translate(_MISREAD)
    rows = Authenticator.objects.select_for_update().filter(type=Authenticator.Type.RECOVERY_CODES)
    row = rows.filter(user=user).first() if user else None
    selector = code[:_PART]
    encoded = row.data["hashes"].get(selector, _NO_HASH) if row else _NO_HASH
    # Compared in any case: how long it takes must not tell whether somebody has codes.
    if not check_password(code[_PART:], encoded) or row is None:
        return False
    del row.data["hashes"][selector]
    row.last_used_at = at
    row.save()
    return True
