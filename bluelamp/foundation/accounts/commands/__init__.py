"""What is done with accounts: sign in and out, open an account, set up roles and organisations."""

from bluelamp.foundation.accounts.commands.opening import NewAccount, open_account
from bluelamp.foundation.accounts.commands.setting_up import (
    create_default_roles,
    create_organisation,
)
from bluelamp.foundation.accounts.commands.signing_in import (
    LOCKOUT_PERIOD,
    MAX_ATTEMPTS_AT_NAME,
    MAX_ATTEMPTS_AT_NAME_FROM_ADDRESS,
    MAX_ATTEMPTS_FROM_ADDRESS,
    SIGN_IN_ACTOR,
    delete_expired_sessions,
    delete_expired_sessions_every_night,
    record_lockout,
    sign_in,
    sign_out,
)

__all__ = [
    "LOCKOUT_PERIOD",
    "MAX_ATTEMPTS_AT_NAME",
    "MAX_ATTEMPTS_AT_NAME_FROM_ADDRESS",
    "MAX_ATTEMPTS_FROM_ADDRESS",
    "SIGN_IN_ACTOR",
    "NewAccount",
    "create_default_roles",
    "create_organisation",
    "delete_expired_sessions",
    "delete_expired_sessions_every_night",
    "open_account",
    "record_lockout",
    "sign_in",
    "sign_out",
]
