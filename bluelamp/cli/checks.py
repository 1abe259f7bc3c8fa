"""Prints checks: a line for each, then `N passed, N failed`."""

from collections.abc import Iterable
from typing import Protocol

from bluelamp.foundation.kernel.terminal.command_line import Progress, escape_for_terminal


class Checked(Protocol):
    """A check's result: its name, whether it passed, and a detail."""

    @property
    def name(self) -> str: ...
    @property
    def passed(self) -> bool: ...
    @property
    def detail(self) -> str: ...


def print_checks(checks: Iterable[Checked], *, progress: Progress | None = None) -> int:
    """Print checks as they come, and return 0 only if there was one and all passed."""
    passed = failed = 0
    for check in checks:
        passed += check.passed
        failed += not check.passed
        detail = f": {check.detail}" if check.detail else ""
        if progress:
            progress.clear()
        print(
            escape_for_terminal(f"{'PASS' if check.passed else 'FAIL'}  {check.name}{detail}"),
            flush=True,
        )
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1
