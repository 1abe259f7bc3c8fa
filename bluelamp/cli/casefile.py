"""`bluelamp casefile export REF --to DIR` writes a case file's package into a folder."""

import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bluelamp.cli import prepare
from bluelamp.foundation.kernel.terminal.command_line import (
    WRONG_INPUT,
    Parser,
    Progress,
    escape_for_terminal,
)

SIGNALLED = 128  # what shells add to the number of the signal that ended a program


def main(argv: Sequence[str]) -> int:
    """Export a case file. Returns 2, after one sentence, where that is not possible."""
    parser = Parser(prog="bluelamp casefile", description=__doc__)
    parser.add_argument("verb", choices=["export"])
    parser.add_argument(
        "ref", metavar="REF", help="a crime number, like 01/0000123/26, or a URN, like 01ZD0000126"
    )
    parser.add_argument(
        "--to",
        metavar="DIR",
        required=True,
        help="becomes the package if new or empty, else DIR/<URN> does",
    )
    parser.add_argument(
        "--anyway",
        action="store_true",
        help="build it even if some items could not be read; the package then says so",
    )
    options = parser.parse_args(argv)
    if not options.to.strip():
        parser.error("--to is empty: name a folder")
    prepare()
    from bluelamp.casework.casefiles.commands import export_case_file
    from bluelamp.cli.console import console_actor
    from bluelamp.foundation.kernel.clock import now
    from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused

    # A crime number and a URN both begin with the two digits of the force.
    console = console_actor({"casefile.build", "casefile.view"}, force=options.ref.strip()[:2])
    try:
        with (
            _stop_when_terminated(),
            _time_stamping_authority(),
            Progress("Looking for the case file", ticks=True) as progress,
        ):
            folder = export_case_file(
                actor=console,
                at=now(),
                ref=options.ref,
                to=Path(options.to),
                on_progress=partial(_print_step, progress),
                progress=progress,
                allows_unprocessed=options.anyway,
            )
    except NotFound:
        return _refuse(f"There is no crime and no case file {options.ref}.")
    except (Refused, Conflict) as refusal:
        return _refuse(refusal.message)
    except (KeyboardInterrupt, Terminated):
        print(
            f"Stopped. Nothing was written to {escape_for_terminal(options.to)}.", file=sys.stderr
        )
        raise
    print(folder)
    return 0


class Terminated(SystemExit):
    """Somebody ended this program with SIGTERM. It clears away what it has begun on the way out."""


@contextmanager
def _stop_when_terminated() -> Iterator[None]:
    """Let SIGTERM end the program as Ctrl+C does, so that no half package stays behind."""

    def stop(number: int, _frame: object) -> None:
        raise Terminated(SIGNALLED + number)

    # Only the main thread may set a handler, and tests call this from others.
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _print_step(progress: Progress, step: str) -> None:
    progress.clear()
    print(f"… {step[:1].lower()}{step[1:]}", file=sys.stderr, flush=True)


def _refuse(sentence: str) -> int:
    print(escape_for_terminal(sentence), file=sys.stderr)
    return WRONG_INPUT


@contextmanager
def _time_stamping_authority() -> Iterator[None]:
    """Run the stand-in for the time-stamping authority meanwhile, where the demonstration has none.

    `bluelamp run` does the same.
    """
    from django.conf import settings

    if settings.BLUELAMP_TSA_URL or not settings.BLUELAMP_DEMO:
        yield
        return
    from sandbox.tsa import serve

    server = serve(folder=settings.BLUELAMP_VAR / "sandbox" / "tsa")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.BLUELAMP_TSA_URL = f"http://127.0.0.1:{server.server_address[1]}/"
    try:
        yield
    finally:
        settings.BLUELAMP_TSA_URL = ""
        server.shutdown()
        server.server_close()
        thread.join()
