"""`bluelamp audit verify` checks the audit log; `bluelamp audit restored` accepts an older database
that was restored.
"""

from collections.abc import Sequence

from bluelamp.cli import prepare
from bluelamp.cli.checks import print_checks
from bluelamp.foundation.kernel.terminal.command_line import Parser


def main(argv: Sequence[str]) -> int:
    """Check the audit log, or accept a restored database. Returns 0 only if all passed."""
    parser = Parser(prog="bluelamp audit", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser(
        "verify",
        help="check the log's structure, checkpoints, signatures, entries and checkpoint file",
    )
    restored = verbs.add_parser(
        "restored",
        help="an older database was restored: set aside checkpoint files that are ahead of it",
    )
    restored.add_argument(
        "--because",
        required=True,
        help="what happened, for the record: who restored what, and the reason",
    )
    options = parser.parse_args(argv)
    if options.verb == "restored":
        if not options.because.strip():
            parser.error("--because is empty: enter what happened")
        prepare()
        return _accept_restored_logs(options.because)
    prepare()
    return _seal_and_verify_log()


def _seal_and_verify_log() -> int:
    from bluelamp.foundation.audit.commands import seal_audit_log
    from bluelamp.foundation.audit.verifying import verify_audit_log
    from bluelamp.foundation.kernel.merkle_log.log import LogBroken

    try:
        seal_audit_log()
    except LogBroken:
        pass  # the checks below say what is broken
    return print_checks(verify_audit_log())


def _accept_restored_logs(reason: str) -> int:
    from typing import get_args

    from bluelamp.cli.console import console_actor
    from bluelamp.foundation.audit.commands import accept_restored_log, seal_audit_log
    from bluelamp.foundation.kernel.clock import now
    from bluelamp.foundation.kernel.merkle_log.log import LogName
    from bluelamp.records.evidence.commands import seal_continuity

    console = console_actor({"audit.seal"}).with_reason(reason)
    for log_name in get_args(LogName):
        difference = accept_restored_log(actor=console, at=now(), log_name=log_name)
        if difference:
            print(f"{log_name}: set aside. {difference}")
        else:
            print(f"{log_name}: agrees with its checkpoint file, nothing to set aside")
    # At once, so that the signed checkpoint covers the entry that says why.
    seal_audit_log()
    seal_continuity()
    return 0
