"""The permissions that the audit record defines."""

from bluelamp.foundation.kernel.permission import Permission

PERMISSIONS = (
    Permission("audit.view", "see the audit record of the force"),
    Permission("event.retry", "see updates that failed inside the system, and try them again"),
    Permission("audit.seal", "seal the audit log, accept a restored one, and replace a log's key"),
)
