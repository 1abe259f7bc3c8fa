"""`bluelamp evidence verify PATH` checks a package without a database; `bluelamp evidence fsck`
checks the store.
"""

from collections.abc import Sequence

from bluelamp.cli import prepare
from bluelamp.cli.checks import print_checks
from bluelamp.foundation.kernel.terminal.command_line import Parser, Progress


def main(argv: Sequence[str]) -> int:
    """Check evidence. Returns 0 only if all passed, 2 for a path that cannot be read."""
    # Before anything of Django is loaded: whoever checks a package has neither our settings nor our
    # database.
    if argv and argv[0] == "verify":
        from bluelamp.records.evidence import verify

        status: int = verify.main(list(argv[1:]))
        return status
    parser = Parser(prog="bluelamp evidence", description=__doc__)
    parser.add_argument("verb", choices=["verify", "fsck"])
    parser.parse_args(argv)
    prepare()
    from bluelamp.records.evidence.fsck import fsck

    with Progress("checking the store") as progress:
        return print_checks(fsck(progress=progress), progress=progress)
