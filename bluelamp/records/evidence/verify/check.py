"""Make checks, and the exception for what cannot be read."""

from bluelamp.foundation.kernel.check import Check


class Unreadable(ValueError):
    """Something in the package cannot be read, or is not written as it should be.

    The message is one sentence for a person.
    """


def success(name: str, detail: str) -> Check:
    """Return a check of a file or subject that passed."""
    return Check(name, True, detail)


def failure(name: str, detail: str) -> Check:
    """Return a check of a file or subject that failed."""
    return Check(name, False, detail)
