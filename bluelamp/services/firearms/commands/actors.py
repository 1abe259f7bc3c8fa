"""Parts of the program that act in firearms licensing without a person."""

from bluelamp.foundation.kernel.actor import Actor


def sending_actor(force: str) -> Actor:
    """Return the part that writes to applicants and referees."""
    return Actor.system("firearms messages", force=force, permissions={"notification.send"})


def progress_actor(force: str) -> Actor:
    """Return the part that notes what an application was waiting for."""
    return Actor.system(
        "firearms progress",
        force=force,
        permissions={"firearms.progress", "payment.request", "refund.request"},
    )
