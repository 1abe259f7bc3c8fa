"""The permissions that victims define."""

from bluelamp.foundation.kernel.permission import Permission

PERMISSIONS = (Permission("victim.track", "follow one's own case", is_public=True),)
