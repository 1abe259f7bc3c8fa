"""`bluelamp audit verify` checks the audit log; `bluelamp audit restored` says that an older
database was restored.
"""

from collections.abc import Sequence

from bluelamp.cli import prepare
from bluelamp.cli.checks import report
from bluelamp.foundation.kernel.command_line import Parser


def main(argv: Sequence[str]) -> int:
    """Check the record, or go on after a restore. Returns 0 only if all passed."""
    parser = Parser(prog="bluelamp audit", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser(
        "verify", help="check the log's structure, checkpoints, signatures, entries and witness"
    )
    restored = verbs.add_parser(
        "restored",
        help="an older database was restored: set aside the witnesses that saw more than it holds",
    )
    restored.add_argument(
        "--because", required=True, help="what happened, for the record: who restored what, and why"
    )
    options = parser.parse_args(argv)
    if options.verb == "restored":
        if not options.because.strip():
            parser.error("say after --because what happened")
        prepare()
        return _restored(options.because)
    prepare()
    return _verify()


def _verify() -> int:
    from bluelamp.foundation.audit.commands import seal_audit
    from bluelamp.foundation.audit.queries import verify
    from bluelamp.foundation.kernel.log import LogBroken

    try:
        seal_audit()
    except LogBroken:
        pass  # what is broken is among the checks
    return report(verify())


def _restored(because: str) -> int:
    from typing import get_args

    from django.conf import settings

    from bluelamp.foundation.audit.commands import accept_restored, seal_audit
    from bluelamp.foundation.kernel.actor import Actor
    from bluelamp.foundation.kernel.clock import now
    from bluelamp.foundation.kernel.log import LogName
    from bluelamp.records.evidence.commands import seal_continuity

    console = Actor.system(
        "console", force=settings.BLUELAMP_FORCE, permissions={"audit.seal"}
    ).because(because)
    for log_name in get_args(LogName):
        told = accept_restored(actor=console, at=now(), log_name=log_name)
        print(
            f"{log_name}: {f'set aside. {told}' if told else 'agrees with its witness, nothing to set aside'}"
        )
    seal_audit()
    seal_continuity()
    return 0
