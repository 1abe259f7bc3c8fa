"""`bluelamp evidence verify`: one line for each check, then how many passed and failed."""

import sys
from collections.abc import Sequence
from pathlib import Path

from bluelamp.foundation.kernel.merkle_log.checkpoint import BadNote, VerifierKey
from bluelamp.foundation.kernel.terminal.command_line import (
    WRONG_INPUT,
    Parser,
    Progress,
    escape_for_terminal,
)
from bluelamp.records.evidence.verify.check import Unreadable, failure
from bluelamp.records.evidence.verify.package import NotAPackage, verify_package
from bluelamp.records.evidence.verify.timestamp import load_certificates


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Returns:
        0 if every check passed, 1 if any failed, 2 if there was nothing to check.
    """
    parser = Parser(
        prog="bluelamp evidence verify",
        description="Check a case file package, folder or zip, with no database and no network.",
    )
    parser.add_argument("path", metavar="PATH", help="the package")
    parser.add_argument(
        "--log-key", metavar="KEY", help="the force's log key that you trust, or a file with it"
    )
    parser.add_argument(
        "--tsa-root", type=Path, metavar="PEM", help="root certificates you trust for time stamps"
    )
    options = parser.parse_args(argv)
    if not options.path:
        parser.error("PATH is empty: name the package")
    try:
        key = _read_key(options.log_key) if options.log_key else None
    except (BadNote, UnicodeDecodeError, OSError) as error:
        return _refuse_input(f"--log-key: {error}")
    try:
        roots = load_certificates(options.tsa_root.read_bytes()) if options.tsa_root else None
    except (Unreadable, OSError) as error:
        return _refuse_input(f"--tsa-root {options.tsa_root}: {error}")
    counts = {True: 0, False: 0}
    try:
        with Progress("checking the package") as progress:
            path = _find_package(Path(options.path))
            for check in verify_package(path, log_key=key, tsa_roots=roots, progress=progress):
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
    _print_line(f"{counts[True]} passed, {counts[False]} failed")
    return 0 if counts[True] and not counts[False] else 1


def _find_package(path: Path) -> Path:
    """Return the package, also where `path` is a folder that has one package and nothing else.

    An unpacked download often is such a folder.

    Raises:
        NotAPackage: The path cannot be read.
    """
    try:
        if path.is_dir() and not (path / "bagit.txt").exists():
            entries = list(path.iterdir())
            if len(entries) == 1:
                entry = entries[0]
                if (entry / "bagit.txt").is_file() or entry.suffix == ".zip":
                    return entry
    except OSError as error:
        raise NotAPackage(f"{str(path)[:200]} cannot be read ({error.strerror}).") from None
    return path


def _read_key(key_or_path: str) -> VerifierKey:
    path = Path(key_or_path)
    if path.is_file():
        return VerifierKey.parse(path.read_text(encoding="utf-8").strip())
    return VerifierKey.parse(key_or_path)


def _print_line(line: str) -> None:
    # Not print(): names in the package may hold bytes that standard output cannot encode.
    sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def _refuse_input(sentence: str) -> int:
    sys.stderr.write(escape_for_terminal(sentence) + "\n")
    return WRONG_INPUT
