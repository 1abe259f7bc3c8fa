"""The permissions that victims define."""

from bluelamp.foundation.kernel.permission import Permission

PERMISSIONS = (
    Permission("victim.track", "follow one's own case", is_public=True),
    Permission("statement.send_copy", "send the maker of a statement a copy of it"),
    Permission("statement.read_copy", "read a copy of one's own statement", is_public=True),
)
