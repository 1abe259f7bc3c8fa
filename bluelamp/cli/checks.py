"""How a verb reports checks: a line for each, then `N passed, N failed`."""

from collections.abc import Iterable
from typing import Protocol

from bluelamp.foundation.kernel.command_line import Progress, printable


class Checked(Protocol):
    """Anything with a name, a verdict and a detail."""

    @property
    def name(self) -> str: ...
    @property
    def passed(self) -> bool: ...
    @property
    def detail(self) -> str: ...


def report(checks: Iterable[Checked], *, progress: Progress | None = None) -> int:
    """Print the checks as they come; return 0 only if all passed and there was one."""
    passed = failed = 0
    for check in checks:
        passed, failed = passed + check.passed, failed + (not check.passed)
        detail = f": {check.detail}" if check.detail else ""
        if progress:
            progress.clear()
        print(printable(f"{'PASS' if check.passed else 'FAIL'}  {check.name}{detail}"), flush=True)
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1
