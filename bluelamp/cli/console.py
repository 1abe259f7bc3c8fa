"""Who acts on the record when somebody runs a command on this machine."""

import os
import pwd
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bluelamp.foundation.kernel.actor import Actor


def console_actor(permissions: set[str], *, force: str = "") -> "Actor":
    """Return a system actor named for the system user who runs this program.

    Args:
        permissions: What it may do.
        force: The code of the force that it acts in; this instance's own by default.
    """
    from django.conf import settings

    from bluelamp.foundation.kernel.actor import Actor

    return Actor.system(
        f"console ({system_user_name()})",
        force=force or settings.BLUELAMP_FORCE,
        permissions=permissions,
    )


def system_user_name() -> str:
    """Return the name of the system user, and of the person behind `sudo`.

    The name does not come from LOGNAME or USER, which anybody may set. SUDO_USER is only believed
    besides it.
    """
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = f"user {os.getuid()}"  # a container may run as a user that has no name
    behind = os.environ.get("SUDO_USER", "")
    return f"{behind} as {name}" if behind and behind != name else name
