"""The permissions that notifications define."""

from bluelamp.foundation.kernel.permission import Permission

PERMISSIONS = (
    Permission("notification.send", "send e-mails and texts"),
    Permission(
        "notification.follow_up", "see messages that did not arrive, and mark them dealt with"
    ),
)
