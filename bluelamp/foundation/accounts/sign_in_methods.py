"""Which ways to sign in a person has set up."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator

from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.accounts.passkeys import STOPPED
from bluelamp.foundation.accounts.recovery_codes import count_recovery_codes

Type = Authenticator.Type


@dataclass(frozen=True, kw_only=True, slots=True)
class PasskeyRow:
    """A passkey, as its owner sees it."""

    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None
    is_stopped: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class SignInMethods:
    """A person's ways to sign in.

    Attributes:
        passkeys: Their passkeys, the oldest first.
        has_password: Whether they have a password.
        has_totp: Whether they have an authenticator app.
        recovery_codes: How many unused recovery codes they have.
    """

    passkeys: tuple[PasskeyRow, ...]
    has_password: bool
    has_totp: bool
    recovery_codes: int

    @property
    def usable_passkeys(self) -> tuple[PasskeyRow, ...]:
        """Return the passkeys that were not stopped."""
        return tuple(passkey for passkey in self.passkeys if not passkey.is_stopped)

    @property
    def can_use_password(self) -> bool:
        """Say whether the person can sign in with a password: only together with a code."""
        return self.has_password and self.has_totp

    @property
    def count(self) -> int:
        """Return how many ways there are, without recovery codes, which are for emergencies."""
        return len(self.usable_passkeys) + self.can_use_password


def get_sign_in_methods(user: User) -> SignInMethods:
    """Return a person's ways to sign in."""
    rows = list(Authenticator.objects.filter(user=user).order_by("id"))
    return SignInMethods(
        passkeys=tuple(
            PasskeyRow(
                id=row.id,
                name=row.data["name"],
                created_at=row.created_at,
                last_used_at=row.last_used_at,
                is_stopped=bool(row.data.get(STOPPED)),
            )
            for row in rows
            if row.type == Type.WEBAUTHN
        ),
        has_password=user.has_usable_password(),
        has_totp=any(row.type == Type.TOTP for row in rows),
        recovery_codes=count_recovery_codes(user),
    )


def has_passkey(user: User) -> bool:
    """Say whether a person has a passkey."""
    return bool(Authenticator.objects.filter(user=user, type=Type.WEBAUTHN).exists())
