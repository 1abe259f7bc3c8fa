"""`bluelamp casefile export REF --to DIR` writes a case file's package into a folder."""

import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bluelamp.cli import prepare
from bluelamp.foundation.kernel.terminal.command_line import (
    WRONG_INPUT,
    Parser,
    Progress,
    escape_for_terminal,
)


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
    options = parser.parse_args(argv)
    if not options.to.strip():
        parser.error("--to is empty: name a folder")
    prepare()
    from bluelamp.casework.casefiles.commands import export_case_file
    from bluelamp.foundation.kernel.actor import Actor
    from bluelamp.foundation.kernel.clock import now
    from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused

    permissions = {"casefile.build", "casefile.view"}
    console = Actor.system("console", force=options.ref.strip()[:2], permissions=permissions)
    try:
        with _time_stamping_authority(), Progress("writing the package") as progress:
            folder = export_case_file(
                actor=console,
                at=now(),
                ref=options.ref,
                to=Path(options.to),
                on_progress=_print_step,
                progress=progress,
            )
    except NotFound:
        return _refuse(f"There is no crime and no case file {options.ref}.")
    except (Refused, Conflict) as refusal:
        return _refuse(refusal.message)
    print(folder)
    return 0


def _print_step(step: str) -> None:
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
