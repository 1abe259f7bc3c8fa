"""`bluelamp run`: the database, the stand-ins, the job worker and the web server, in one process
group.
"""

import argparse
import fcntl
import os
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from types import FrameType

from bluelamp.cli import CannotStart, prepare, var_folder
from bluelamp.cli.household import Household
from bluelamp.foundation.kernel import postgres
from bluelamp.foundation.kernel.command_line import WRONG_INPUT, Parser

GRANIAN = (
    "--interface", "asgi", "--loop", "uvloop", "--http", "1", "--no-ws", "--host", "127.0.0.1",
    "--backlog", "2048", "--http1-buffer-size", "1048576", "--log-level", "warning", "--no-access-log",
)  # fmt: skip


def main(argv: Sequence[str]) -> int:
    """Serve until stopped. Returns 2 when the port or the folder is in use, or a setting cannot
    be.
    """
    parser = Parser(prog="bluelamp run", description=__doc__)
    parser.add_argument("--port", type=_port, default=os.environ.get("PORT") or "8000")
    workers = os.environ.get("BLUELAMP_WORKERS") or str(min(4, os.cpu_count() or 1))
    parser.add_argument("--workers", type=_count, default=workers, help="web server processes")
    options = parser.parse_args(argv)
    origin = f"http://127.0.0.1:{options.port}"
    os.environ.setdefault("BLUELAMP_ORIGIN", origin)

    var = var_folder()
    try:
        var.mkdir(parents=True, exist_ok=True)
        lock = (var / "run.lock").open("a+")
    except OSError as fault:
        print(
            f"{var} cannot be written to ({fault.strerror}): set BLUELAMP_VAR to a folder that can.",
            file=sys.stderr,
        )
        return 2
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        print(f"Bluelamp is already running on {var} ({lock.read().strip()}).", file=sys.stderr)
        return 2
    if not _is_free(options.port):
        print(
            f"Port {options.port} is in use: choose another, as in PORT=8010 make run.",
            file=sys.stderr,
        )
        return 2
    lock.truncate(0)
    lock.write(origin + "\n")
    lock.flush()

    household = Household()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        household.is_stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        _say("starting the database")
        is_embedded = not os.environ.get("DATABASE_URL")
        try:
            prepare(may_create=True)
        except CannotStart as fault:
            print(f"Bluelamp cannot start: {fault}", file=sys.stderr)
            return WRONG_INPUT
        from django.db import OperationalError

        from bluelamp.cli import first_start

        try:
            first_start.set_up(say=_say)
        except OperationalError as fault:
            print(f"The database does not answer: {fault}", file=sys.stderr)
            return 2
        from django.conf import settings

        if is_embedded:  # nobody's child: it outlives who started it
            folder = var / "postgres"
            household.keep_up(
                "database",
                start=partial(postgres.start, folder),
                is_up=partial(postgres.is_up, folder),
            )
        if settings.BLUELAMP_DEMO:
            _start_stand_ins(household, var)
        household.start("worker", [sys.executable, "-m", "bluelamp.cli.worker"])
        household.start(
            "web",
            [sys.executable, "-m", "granian", *GRANIAN, "--port", str(options.port), "--workers",
             str(options.workers), "bluelamp.asgi:application"],
        )  # fmt: skip
        if not _wait_until_ready(origin, household):
            print(
                "The web server did not answer within a minute; the lines above say why.",
                file=sys.stderr,
            )
            return 1
        print(f"ready: {origin}", flush=True)
        household.watch()
        return 0
    finally:
        household.stop()


def _start_stand_ins(household: Household, var: Path) -> None:
    """Start the sandbox for the outside services that have no address of their own."""
    notify, tsa = _free_port(), _free_port()
    os.environ["BLUELAMP_DEMO"] = "1"
    if not os.environ.get("BLUELAMP_NOTIFY_URL"):
        os.environ["BLUELAMP_NOTIFY_URL"] = f"http://127.0.0.1:{notify}"
    if not os.environ.get("BLUELAMP_TSA_URL"):
        os.environ["BLUELAMP_TSA_URL"] = f"http://127.0.0.1:{tsa}/"
    household.start(
        "stand-ins",
        [sys.executable, "-m", "sandbox", "--notify-port", str(notify), "--tsa-port", str(tsa), "--folder",
         str(var / "sandbox")],
    )  # fmt: skip


def _wait_until_ready(origin: str, household: Household, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not household.is_stopping:
        try:
            with urllib.request.urlopen(f"{origin}/readyz", timeout=5) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return household.is_stopping


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: choose a number from 1 to 65535")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 64:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a number of processes: choose one from 1 to 64"
        )
    return int(text)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _say(line: str) -> None:
    print(f"… {line}", flush=True)
