"""`bluelamp keys list` shows the keys that the logs are signed with and that phones encrypt for;
`bluelamp keys rotate` replaces one.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bluelamp.cli import prepare
from bluelamp.foundation.kernel.terminal.command_line import Parser

if TYPE_CHECKING:
    from bluelamp.foundation.kernel.merkle_log.log import LogName

LOGS: tuple["LogName", ...] = ("audit", "continuity")
PHONE_FILES = "phone-files"


def main(argv: Sequence[str]) -> int:
    """List or replace the logs' keys. Returns 1 where a log is not as it was signed."""
    parser = Parser(prog="bluelamp keys", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("list", help="each log's keys, and how many entries each signed")
    rotate = verbs.add_parser(
        "rotate",
        help="make a new key for a log; the old one is destroyed, and both sign the change",
    )
    rotate.add_argument(
        "log",
        choices=(*LOGS, PHONE_FILES),
        help="the log whose key is replaced, or the key that phones encrypt files for",
    )
    rotate.add_argument(
        "--because", required=True, help="the reason, for the record: who left, what happened"
    )
    options = parser.parse_args(argv)
    if options.verb == "rotate" and not options.because.strip():
        parser.error("--because is empty: enter the reason")
    prepare()
    if options.verb == "list":
        return _list_keys()
    if options.log == PHONE_FILES:
        return _make_phone_file_key(options.because)
    return _rotate(options.log, options.because)


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
    return _list_phone_file_keys()


def _list_phone_file_keys() -> int:
    from django.conf import settings

    from bluelamp.services.phone_files.contents import keys_folder
    from bluelamp.services.phone_files.force_keys import find_force_key
    from bluelamp.services.phone_files.keys import find_private_key

    key = find_force_key(settings.BLUELAMP_FORCE)
    if key is None:
        print(f"{PHONE_FILES}: none yet. It is made when the first phone signs in.")
        return 0
    print(f"{PHONE_FILES}: {key.public_key}\n  {key.id}, today's key")
    if find_private_key(keys_folder(), key.id):
        return 0
    print(f"  Its private half is not on this node: copy keys/phone-file-{key.id}.pem to it.")
    return 1


def _make_phone_file_key(reason: str) -> int:
    from bluelamp.cli.console import console_actor
    from bluelamp.foundation.kernel.clock import now
    from bluelamp.services.phone_files.commands import make_force_key

    key = make_force_key(actor=console_actor({"device.bring_in"}).with_reason(reason), at=now())
    print(f"{PHONE_FILES}: the new key is {key.public_key}\n  {key.id}")
    print("Phones take it when they next have signal. Keep the older keys for 90 days.")
    print("Make a back-up of the keys now, and copy them to every other node.")
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
