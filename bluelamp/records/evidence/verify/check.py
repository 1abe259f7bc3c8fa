"""What a check says."""

from dataclasses import dataclass

from bluelamp.foundation.kernel.command_line import printable


@dataclass(frozen=True)
class Check:
    """One thing looked at: `name` is the file or the subject, `detail` one sentence for a
    person.
    """

    name: str
    passed: bool
    detail: str

    def __str__(self) -> str:
        return (
            f"{'PASS' if self.passed else 'FAIL'}  {printable(self.name)}: {printable(self.detail)}"
        )


class Unreadable(ValueError):
    """Something in the package cannot be read or is not written as it should be; the message is one
    sentence.
    """


def passed(name: str, detail: str) -> Check:
    """Return a check that passed."""
    return Check(name, True, detail)


def failed(name: str, detail: str) -> Check:
    """Return a check that failed."""
    return Check(name, False, detail)
