"""`bluelamp evidence verify`: the checks, a line each, then how many passed and failed."""

import sys
from collections.abc import Sequence
from pathlib import Path

from bluelamp.foundation.kernel.checkpoint import BadNote, VerifierKey
from bluelamp.foundation.kernel.command_line import WRONG_INPUT, Parser, Progress, printable
from bluelamp.records.evidence.verify.check import Check, Unreadable
from bluelamp.records.evidence.verify.package import NotAPackage, verify_package
from bluelamp.records.evidence.verify.timestamp import load_certificates


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns 0 if all passed, 1 if anything failed, 2 if there was nothing to
    check.
    """
    parser = Parser(
        prog="bluelamp evidence verify",
        description="Check a case file package, folder or zip, with no database and no network.",
    )
    parser.add_argument("path", metavar="PATH", help="the package")
    parser.add_argument(
        "--log-key", metavar="KEY", help="the force's log key that you trust, or a file holding it"
    )
    parser.add_argument(
        "--tsa-root", type=Path, metavar="PEM", help="root certificates you trust for time stamps"
    )
    given = parser.parse_args(argv)
    counts = {True: 0, False: 0}
    if not given.path:
        parser.error("PATH is empty: name the package")
    try:
        key = _key(given.log_key) if given.log_key else None
    except (BadNote, UnicodeDecodeError, OSError) as error:
        return _refuse(f"--log-key: {error}")
    try:
        roots = load_certificates(given.tsa_root.read_bytes()) if given.tsa_root else None
    except (Unreadable, OSError) as error:
        return _refuse(f"--tsa-root {given.tsa_root}: {error}")
    try:
        with Progress("checking the package") as progress:
            path = _package_at(Path(given.path))
            for check in verify_package(path, log_key=key, tsa_roots=roots, progress=progress):
                counts[check.passed] += 1
                progress.clear()
                _say(str(check))
    except NotAPackage as error:
        return _refuse(str(error))
    except BrokenPipeError:
        raise  # nobody reads any more
    except Exception as error:
        counts[False] += 1
        _say(
            str(
                Check(
                    given.path,
                    False,
                    f"It could not be checked to the end ({type(error).__name__}).",
                )
            )
        )
    _say(f"{counts[True]} passed, {counts[False]} failed")
    return 0 if counts[True] and not counts[False] else 1


def _package_at(path: Path) -> Path:
    """Return the package itself, where a folder was named that holds one package and nothing else.

    Raises NotAPackage for a path that no file can have, or that may not be looked at.
    """
    try:
        if path.is_dir() and not (path / "bagit.txt").exists():
            inside = list(path.iterdir())
            if len(inside) == 1 and (
                (inside[0] / "bagit.txt").is_file() or inside[0].suffix == ".zip"
            ):
                return inside[0]
    except OSError as error:
        raise NotAPackage(f"{str(path)[:200]} cannot be read ({error.strerror}).") from None
    return path


def _key(given: str) -> VerifierKey:
    path = Path(given)
    return VerifierKey.parse(path.read_text(encoding="utf-8").strip() if path.is_file() else given)


def _say(line: str) -> None:
    sys.stdout.buffer.write(line.encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def _refuse(sentence: str) -> int:
    sys.stderr.write(printable(sentence) + "\n")
    return WRONG_INPUT
