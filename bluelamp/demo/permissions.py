"""The permissions that the demonstration defines."""

from bluelamp.foundation.kernel.permission import Permission

PERMISSIONS = (Permission("demo.load", "load the demonstration force"),)
