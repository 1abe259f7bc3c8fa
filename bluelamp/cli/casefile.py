"""`bluelamp casefile export REF --to DIR` writes the case file package of a crime number or URN into a folder."""

import argparse
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bluelamp.cli import prepare


def main(argv: Sequence[str]) -> int:
    """Export a case file. Returns 2, with one sentence, where there is none to be had or no place to write it."""
    parser = argparse.ArgumentParser(prog="bluelamp casefile", description=__doc__)
    parser.add_argument("verb", choices=["export"])
    parser.add_argument(
        "ref", metavar="REF", help="a crime number, like 01/0000123/26, or a URN, like 01ZD0000126"
    )
    parser.add_argument(
        "--to",
        metavar="DIR",
        type=Path,
        required=True,
        help="becomes the package if new or empty, else DIR/<URN> does",
    )
    options = parser.parse_args(argv)
    prepare()
    from bluelamp.casework.casefiles.commands import export_case_file
    from bluelamp.foundation.kernel.actor import Actor
    from bluelamp.foundation.kernel.clock import now
    from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused

    permissions = {"casefile.build", "casefile.view"}
    console = Actor.system("console", force=options.ref.strip()[:2], permissions=permissions)
    print(f"… writing the case file of {options.ref}", file=sys.stderr, flush=True)
    try:
        with _time_stamps():
            folder = export_case_file(actor=console, at=now(), ref=options.ref, to=options.to)
    except NotFound:
        print(f"There is no crime and no case file {options.ref}.", file=sys.stderr)
        return 2
    except (Refused, Conflict) as refusal:
        print(refusal.message, file=sys.stderr)
        return 2
    print(folder)
    return 0


@contextmanager
def _time_stamps() -> Iterator[None]:
    """In a demonstration without an authority of its own, run the stand-in meanwhile, as `bluelamp run` does."""
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
