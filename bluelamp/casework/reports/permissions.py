"""The permissions that reports define."""

from bluelamp.foundation.kernel.permission import Permission

PERMISSIONS = (
    Permission("report.submit", "make a report", is_public=True),
    Permission("report.view", "see reports of the force"),
)
