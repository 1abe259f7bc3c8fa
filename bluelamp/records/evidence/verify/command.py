"""`bluelamp evidence verify`: one line for each check, how many passed and failed, and what that
proves.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from bluelamp.foundation.kernel.terminal.command_line import (
    WRONG_INPUT,
    Parser,
    Progress,
    escape_for_terminal,
)
from bluelamp.records.evidence.verify.check import Unreadable, failure
from bluelamp.records.evidence.verify.leftovers import is_leftover
from bluelamp.records.evidence.verify.package import NotAPackage, verify_package
from bluelamp.records.evidence.verify.pins import Pins, load_pins

PROVEN, FAILED, NOBODY_KNOWN = 0, 1, 3


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns:
        0 if every check passed with a key and a root that the reader gave, 1 if any failed, 2 if
        there was nothing to check, 3 if every check passed but the reader gave no key or no root.
    """
    parser = Parser(
        prog="bluelamp evidence verify",
        description="Check a case file package, folder or zip, with no database and no network.",
        epilog="Exit status: 0 proven, 1 a check failed, 2 wrong input, 3 consistent, but without "
        "--log-key and --tsa-root nobody known has signed it.",
    )
    parser.add_argument("path", metavar="PATH", help="the package")
    parser.add_argument(
        "--log-key",
        metavar="KEY",
        default="",
        help="the force's log key that you trust, a file with it, or the force's list of keys "
        "(keys.json), which has its roots too",
    )
    parser.add_argument(
        "--tsa-root",
        metavar="PEM",
        default="",
        help="root certificates that you trust for time stamps, or the force's list of keys",
    )
    options = parser.parse_args(argv)
    if not options.path:
        parser.error("PATH is empty: name the package")
    try:
        pins = load_pins(log_key=options.log_key, tsa_root=options.tsa_root)
    except Unreadable as error:
        return _refuse_input(str(error))
    counts = {True: 0, False: 0}
    try:
        with Progress("checking the package") as progress:
            path = _find_package(Path(options.path))
            for check in verify_package(path, pins=pins, progress=progress):
                counts[check.passed] += 1
                progress.clear()
                _print_line(str(check))
    except NotAPackage as error:
        return _refuse_input(str(error))
    except BrokenPipeError:
        raise  # nobody reads the output any more
    except Exception as error:
        # A package that the program cannot get through must fail, whatever the reason.
        counts[False] += 1
        reason = f"It could not be checked to the end ({type(error).__name__})."
        _print_line(str(failure(options.path, reason)))
    summary = f"{counts[True]} passed, {counts[False]} failed"
    _print_line(summary)
    if counts[False] or not counts[True]:
        return FAILED
    if missing := describe_missing_pins(pins):
        # The counts come last, where programs look for them.
        _print_line(f"{missing} {summary}")
        return NOBODY_KNOWN
    return PROVEN


def describe_missing_pins(pins: Pins) -> str:
    """Return what a package without a fault does not prove, or "" if the pins prove it all."""
    if pins.keys and pins.roots:
        return ""
    if pins.keys:
        return (
            "Signed with the key that you gave, but nobody known has stamped it: its date is not "
            "proven. Give the root of the force's time stamps with --tsa-root."
        )
    if pins.roots:
        return (
            "Stamped under the root that you gave, but nobody known has signed it: anybody could "
            "have made it. Give the force's key with --log-key."
        )
    return (
        "Consistent, but nobody known has signed it: anybody could have made it. Give the force's "
        "key with --log-key and the root of its time stamps with --tsa-root."
    )


def _find_package(path: Path) -> Path:
    """Return the package, also where `path` is a folder that has one package and nothing else.

    An unpacked download often is such a folder.

    Raises:
        NotAPackage: The path cannot be read.
    """
    try:
        if path.is_dir() and not (path / "bagit.txt").exists():
            entries = [entry for entry in path.iterdir() if not is_leftover(entry.name)]
            if len(entries) == 1:
                entry = entries[0]
                if (entry / "bagit.txt").is_file() or entry.suffix == ".zip":
                    return entry
    except OSError as error:
        raise NotAPackage(f"{str(path)[:200]} cannot be read ({error.strerror}).") from None
    return path


def _print_line(line: str) -> None:
    # Not print(): names in the package may hold bytes that standard output cannot encode.
    sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def _refuse_input(sentence: str) -> int:
    sys.stderr.write(escape_for_terminal(sentence) + "\n")
    return WRONG_INPUT
