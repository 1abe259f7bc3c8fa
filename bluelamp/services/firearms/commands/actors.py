"""Parts of the program that act in firearms licensing without a person."""

from dataclasses import replace

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


def closing_actor(actor: Actor) -> Actor:
    """Return who closes a fee: the member of staff who decided, with the permissions it takes.

    In their name, so that another person has to approve the refund: whoever refuses must not send
    the money back alone. An applicant who withdraws has no account, and the program asks.
    """
    progress = progress_actor(actor.force)
    if actor.id is None:
        return progress
    return replace(actor, permissions=progress.permissions)
