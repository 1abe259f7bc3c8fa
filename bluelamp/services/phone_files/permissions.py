"""The permission that files from phones define."""

from bluelamp.foundation.kernel.permission import Permission

PERMISSIONS = (
    Permission(
        "device.bring_in", "bring in what officers saved from their phones to a file, in their name"
    ),
)
