"""Who can manage accounts, and how they sign in."""

from pathlib import Path

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import QuerySet

from bluelamp.foundation.accounts.breached_passwords import is_breached
from bluelamp.foundation.accounts.models import User

_OPEN_ONE = "`bluelamp account open USER --name NAME --role administrator`"


def check_administrator() -> str:
    """Check that somebody can open accounts and shut leavers out."""
    if not _administrators().exists():
        return f"nobody can manage accounts. Open an account: {_OPEN_ONE}"
    return ""


def check_passkey() -> str:
    """Check that somebody who manages accounts has a passkey."""
    passkeys = Authenticator.objects.filter(
        type=Authenticator.Type.WEBAUTHN, user__in=_administrators()
    )
    if not passkeys.exists():
        return (
            "nobody who manages accounts has a passkey. Open the link that `bluelamp account open`"
            " or `bluelamp account link` printed, and set one up"
        )
    return ""


def check_breached_passwords() -> str:
    """Check that passwords are held against those of breaches, where anybody has a password."""
    path = settings.BLUELAMP_BREACHED_PASSWORDS
    if path:
        try:
            is_breached("", path=Path(path))
        except OSError as fault:
            return f"BLUELAMP_BREACHED_PASSWORDS cannot be read: {fault.strerror}"
        return ""
    # Django marks an unusable password with "!" in front.
    if User.objects.filter(is_active=True).exclude(password__startswith="!").exists():
        return (
            "people have passwords, and BLUELAMP_BREACHED_PASSWORDS is not set. Download the list"
            " (docs/security/passwords.md)"
        )
    return ""


def _administrators() -> QuerySet[User]:
    """Return the active accounts that may manage accounts."""
    # distinct(): somebody with two such roles counts once.
    return User.objects.filter(
        is_active=True, roles__permissions__contains=["account.manage"]
    ).distinct()
