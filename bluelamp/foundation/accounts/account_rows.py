"""An account as lists show it."""

from dataclasses import dataclass
from uuid import UUID

from bluelamp.foundation.accounts.models import User


@dataclass(frozen=True, kw_only=True, slots=True)
class AccountRow:
    """An account, as whoever manages accounts sees it."""

    id: UUID
    user_name: str
    display_name: str
    organisation: str
    force: str
    email: str
    roles: tuple[str, ...]
    is_active: bool


def to_account_row(user: User) -> AccountRow:
    """Return an account as it is listed."""
    return AccountRow(
        id=user.id,
        user_name=user.username,
        display_name=user.display_name,
        organisation=user.organisation.code,
        force=user.force,
        email=user.email,
        roles=tuple(sorted(role.name for role in user.roles.all())),
        is_active=user.is_active,
    )
