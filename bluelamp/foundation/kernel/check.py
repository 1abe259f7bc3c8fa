"""The result of one check: of the audit log, of the evidence store, or of a package."""

from dataclasses import dataclass

from bluelamp.foundation.kernel.terminal.command_line import escape_for_terminal


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was checked.

    `name` is the file or the subject that was checked. `detail` says in one sentence what is wrong
    or what is worth knowing; it may be empty.
    """

    name: str
    passed: bool
    detail: str = ""

    def __str__(self) -> str:
        """Return the line that a command prints."""
        outcome = "PASS" if self.passed else "FAIL"
        return f"{outcome}  {escape_for_terminal(self.name)}: {escape_for_terminal(self.detail)}"
