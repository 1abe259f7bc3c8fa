"""The permissions that reference data defines."""

from bluelamp.foundation.kernel.permission import Permission

PERMISSIONS = (Permission("reference.edit", "edit reference data"),)
