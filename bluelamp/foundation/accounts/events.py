"""Events of accounts."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from bluelamp.foundation.kernel.events.event import Event

Change = Literal[
    "passkey_added",
    "passkey_removed",
    "passkey_stopped",
    "password_set",
    "password_changed",
    "password_removed",
    "app_replaced",
    "recovery_codes_replaced",
    "recovery_code_used",
]


class SignInChanged(Event):
    """How somebody can sign in was changed, or a recovery code was used."""

    name: ClassVar = "accounts.sign_in_changed.v1"
    user_id: UUID
    change: Change
    changed_at: datetime


class DeviceWiped(Event):
    """A phone said, under its own key, that it has deleted all that was on it."""

    name: ClassVar = "accounts.device_wiped.v1"
    device_id: UUID
    installation_id: UUID
    force: str
    reason: str
