"""`bluelamp keys list` shows the keys that the logs are signed with; `bluelamp keys rotate`
replaces one.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bluelamp.cli import prepare
from bluelamp.foundation.kernel.terminal.command_line import Parser

if TYPE_CHECKING:
    from bluelamp.foundation.kernel.merkle_log.log import LogName

LOGS: tuple["LogName", ...] = ("audit", "continuity")


def main(argv: Sequence[str]) -> int:
    """List or replace the logs' keys. Returns 1 where a log is not as it was signed."""
    parser = Parser(prog="bluelamp keys", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("list", help="each log's keys, and how many entries each signed")
    rotate = verbs.add_parser(
        "rotate",
        help="make a new key for a log; the old one is destroyed, and both sign the change",
    )
    rotate.add_argument("log", choices=LOGS, help="the log whose key is replaced")
    rotate.add_argument(
        "--because", required=True, help="the reason, for the record: who left, what happened"
    )
    options = parser.parse_args(argv)
    if options.verb == "rotate" and not options.because.strip():
        parser.error("--because is empty: enter the reason")
    prepare()
    return _list_keys() if options.verb == "list" else _rotate(options.log, options.because)


def _list_keys() -> int:
    from bluelamp.foundation.kernel.merkle_log.checkpoint import BadNote
    from bluelamp.foundation.kernel.merkle_log.key_rotation import key_periods
    from bluelamp.records.evidence.verify.pins import fingerprint

    for log in LOGS:
        try:
            periods = key_periods(log)
        except BadNote as fault:
            print(f"{log}: {fault}")
            return 1
        for period in periods:
            until = "today's key" if period.up_to is None else f"up to {period.up_to} entries"
            print(f"{log}: {period.key}\n  {fingerprint(period.key)}, {until}")
    return 0


def _rotate(log_name: "LogName", reason: str) -> int:
    from bluelamp.cli.console import console_actor
    from bluelamp.foundation.audit.commands import replace_log_key, seal_audit_log
    from bluelamp.foundation.kernel.clock import now
    from bluelamp.foundation.kernel.merkle_log.log import LogBroken
    from bluelamp.records.evidence.commands import publish_log_key, seal_continuity
    from bluelamp.records.evidence.verify.pins import fingerprint

    seals = {"audit": seal_audit_log, "continuity": seal_continuity}
    console = console_actor({"audit.seal", "evidence.seal"}).with_reason(reason)
    try:
        seals[log_name]()
        new_key = replace_log_key(actor=console, at=now(), log_name=log_name)
        if log_name == "continuity":
            publish_log_key(actor=console, at=now(), log_key=str(new_key))
        # What the record says of this is signed with the new key at once.
        for seal in seals.values():
            seal()
    except LogBroken as fault:
        print(f"Nothing was replaced. {fault}")
        return 1
    print(f"{log_name}: the new key is {new_key}\n  {fingerprint(new_key)}")
    if log_name == "continuity":
        print("Tell those who check packages: it is in the list at /keys/ on the public site.")
    print("Make a back-up of the keys now, and copy them to every other node.")
    return 0
