"""The part of the program that speaks to GOV.UK Pay, as an actor."""

from bluelamp.foundation.kernel.actor import Actor


def system_actor(force: str) -> Actor:
    """Return the system actor that records what GOV.UK Pay says."""
    return Actor.system("payments", force=force, permissions={"payment.process"})
