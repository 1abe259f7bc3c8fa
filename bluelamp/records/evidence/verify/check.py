"""What a check says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One thing looked at: `name` is the file or the subject, `detail` one sentence for a person."""

    name: str
    passed: bool
    detail: str

    def __str__(self) -> str:
        return f"{'PASS' if self.passed else 'FAIL'}  {_printable(self.name)}: {_printable(self.detail)}"


class Unreadable(ValueError):
    """Something in the package cannot be read or is not written as it should be; the message is one sentence."""


def passed(name: str, detail: str) -> Check:
    """Return a check that passed."""
    return Check(name, True, detail)


def failed(name: str, detail: str) -> Check:
    """Return a check that failed."""
    return Check(name, False, detail)


def _printable(text: str) -> str:
    """Show control characters and undecodable bytes as escapes: a file's name must not steer a terminal."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)
