"""The permissions that accounts define."""

from bluelamp.foundation.kernel.permission import Permission

PERMISSIONS = (
    Permission("account.sign_in", "sign in, and change one’s own ways to sign in"),
    Permission("account.manage", "manage accounts, roles and organisations"),
    Permission("device.enrol", "use the officer app on a device of one's own"),
    Permission("device.view_unit", "see what waits on the devices of one's own unit"),
    Permission("device.manage", "block and unblock devices, and account for their crime numbers"),
)
