"""The permissions that accounts define."""

from bluelamp.foundation.kernel.permission import Permission

PERMISSIONS = (
    Permission("account.sign_in", "sign in"),
    Permission("account.manage", "manage accounts, roles and organisations"),
)
