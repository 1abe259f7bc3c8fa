"""Which passwords are accepted: long ones that nobody would guess (ASVS 5.0, 6.2).

There are no rules on which characters a password has, and none on its age. The words that give
nothing to a password are documented in docs/security/passwords.md.
"""

import gzip
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth import password_validation

from bluelamp.foundation.accounts.breached_passwords import is_breached
from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.kernel.errors import Refused

MIN_LENGTH = 12
MAX_LENGTH = 128
CONTEXT_WORDS = ("bluelamp", "police", "constable", "officer", "sergeant", "inspector", "password")
"""Words that everybody here would think of, beside those of the person and their force."""
# How many characters must be left without the words that anybody would think of.
_MIN_OWN_LENGTH = 8
_MIN_WORD_LENGTH = 3


def require_strong_password(password: str, user: User, *, field: str) -> None:
    """Refuse a password that is too short, too long, or easily guessed.

    Raises:
        Refused: It is; the message says what to do.
    """
    if len(password) < MIN_LENGTH:
        raise Refused("accounts.password_too_short", field=field, min_length=MIN_LENGTH)
    if len(password) > MAX_LENGTH:
        raise Refused("accounts.password_too_long", field=field, max_length=MAX_LENGTH)
    path = settings.BLUELAMP_BREACHED_PASSWORDS
    if is_common(password) or (path and is_breached(password, path=Path(path))):
        raise Refused("accounts.password_common", field=field)
    if consists_of_words(password, context_words(user)):
        raise Refused("accounts.password_about_you", field=field)


def context_words(user: User) -> frozenset[str]:
    """Return the words that somebody who guesses this person's password would begin with."""
    texts = (user.username, user.name, user.unit, user.collar, user.organisation.name)
    words = {word for text in texts for word in text.lower().replace("-", " ").split()}
    return frozenset(CONTEXT_WORDS) | {word for word in words if len(word) >= _MIN_WORD_LENGTH}


def consists_of_words(password: str, words: Iterable[str]) -> bool:
    """Say whether little is left of a password without certain words."""
    rest = password.lower()
    # The longest first, so that "police" goes before the "ice" in it.
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(rest) < _MIN_OWN_LENGTH < len(password)


def is_common(password: str) -> bool:
    """Say whether a password is among the common ones, or two of them, or one that is repeated.

    Few common passwords have twelve characters. What people do to reach that length is to add
    digits to one, or another one, so those are refused too: some 400 million passwords.
    """
    text = password.lower()
    common = _common_passwords()
    if text in common or text.strip("0123456789!?.,-_*#@$ ") in common | {""}:
        return True
    # One piece again and again, as in "abcabcabc".
    if any(text == text[:size] * (len(text) // size) for size in range(1, len(text) // 2 + 1)):
        return True
    return any(text[:cut] in common and text[cut:] in common for cut in range(1, len(text)))


@cache
def _common_passwords() -> frozenset[str]:
    """Return the 20,000 most common passwords, which Django ships."""
    path = Path(password_validation.__file__).with_name("common-passwords.txt.gz")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return frozenset(line.strip() for line in file if line.strip())
