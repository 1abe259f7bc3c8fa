"""`bluelamp run`: the database, the stand-ins, the job workers and the web server, in one process
group.
"""

import argparse
import fcntl
import os
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FrameType
from typing import IO

from bluelamp.cli import forget_owner_address, prepare, var_folder
from bluelamp.cli.errors import CannotStart
from bluelamp.cli.mode import record_instance
from bluelamp.cli.private_files import make_folder_private
from bluelamp.cli.readiness import wait_until_ready
from bluelamp.cli.supervisor import Supervisor
from bluelamp.cli.worker import BACKGROUND, PROMPT
from bluelamp.environment import check_demo_address, read_text
from bluelamp.foundation.kernel.database import postgres
from bluelamp.foundation.kernel.terminal.command_line import WRONG_INPUT, Parser

GRANIAN = (
    "--interface", "asgi", "--loop", "uvloop", "--http", "1", "--no-ws", "--host", "127.0.0.1",
    "--backlog", "2048", "--http1-buffer-size", "1048576", "--log-level", "warning",
    "--no-access-log", "--http1-header-read-timeout", "10000",  # also for a connection that idles
)  # fmt: skip


def main(argv: Sequence[str]) -> int:
    """Serve until stopped. Returns 2, after one sentence, where that is not possible."""
    parser = Parser(prog="bluelamp run", description=__doc__)
    parser.add_argument("--port", type=_port, default=os.environ.get("PORT") or "8000")
    workers = os.environ.get("BLUELAMP_WORKERS") or str(min(4, os.cpu_count() or 1))
    parser.add_argument("--workers", type=_process_count, default=workers, help="web processes")
    options = parser.parse_args(argv)
    origin = f"http://127.0.0.1:{options.port}"
    os.environ.setdefault("BLUELAMP_ORIGIN", origin)
    try:
        _check_settings()
        with _instance_lock(var_folder(), origin=origin, port=options.port):
            return _serve(origin, options)
    except CannotStart as fault:
        print(f"Bluelamp cannot start: {fault}", file=sys.stderr)
        return WRONG_INPUT


def _check_settings() -> None:
    """Refuse what cannot be served, before anything is written.

    Raises:
        CannotStart: A demonstration would have a public address.
    """
    try:
        check_demo_address()
    except (ValueError, OSError) as fault:
        raise CannotStart(str(fault)) from fault


@contextmanager
def _instance_lock(var: Path, *, origin: str, port: int) -> Iterator[IO[str]]:
    """Hold the lock of an instance's folder, which says where it serves.

    Raises:
        CannotStart: The folder cannot be written to, or the folder or the port is in use.
    """
    try:
        var.mkdir(parents=True, exist_ok=True)
        make_folder_private(var)
        # "a+" and not "w": the address in it belongs to the instance that has the lock.
        lock = (var / "run.lock").open("a+")
    except OSError as fault:
        raise CannotStart(
            f"{var} cannot be written to ({fault.strerror}): set BLUELAMP_VAR to a folder that can."
        ) from fault
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            address = lock.read().strip()
            raise CannotStart(f"It is already running on {var} ({address}).") from None
        if not _is_port_free(port):
            raise CannotStart(f"Port {port} is in use: choose another, as in PORT=8010 make run.")
        lock.truncate(0)
        lock.write(origin + "\n")
        lock.flush()
        yield lock


def _serve(origin: str, options: argparse.Namespace) -> int:
    """Prepare the instance, start its processes and keep them running until a signal comes."""
    supervisor = Supervisor()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        supervisor.is_stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        is_embedded = not read_text("DATABASE_URL")
        _prepare_node()
        _start_processes(supervisor, options, is_embedded=is_embedded)
        if not wait_until_ready(options.port, supervisor, on_step=_print_step):
            if supervisor.is_stopping:
                return 0
            print("The web server ended; the lines above say why.", file=sys.stderr)
            return 1
        print(f"ready: {origin}", flush=True)
        supervisor.watch()
        return 0
    finally:
        supervisor.stop()


def _prepare_node() -> None:
    """Start the database, bring it up to date, and check that this node can do its work.

    Raises:
        CannotStart: It cannot.
    """
    _print_step("starting the database")
    prepare(may_create=True, is_run=True)
    # Django has read it; no process that serves shall know it
    forget_owner_address()
    from django.conf import settings
    from django.db import OperationalError, connections

    from bluelamp.cli import first_start
    from bluelamp.cli.node_checks import check_node

    try:
        first_start.set_up(on_step=_print_step)
        check_node()
        record_instance(
            var_folder(), is_demo=settings.BLUELAMP_DEMO, origin=settings.BLUELAMP_ORIGIN
        )
    except OperationalError as fault:
        raise CannotStart(f"The database does not answer: {fault}") from fault
    finally:
        # from here on this process only watches the others
        connections.close_all()


def _start_processes(
    supervisor: Supervisor, options: argparse.Namespace, *, is_embedded: bool
) -> None:
    from django.conf import settings

    var = var_folder()
    if is_embedded:
        # not a child process: it outlives the program that started it
        folder = var / "postgres"
        supervisor.supervise(
            "database",
            start=partial(postgres.start, folder),
            is_up=partial(postgres.is_up, folder),
        )
    if settings.BLUELAMP_DEMO:
        _start_stand_ins(supervisor, var)
    for process in (PROMPT, BACKGROUND):
        command = [sys.executable, "-m", "bluelamp.cli.worker", process]
        supervisor.start(f"{process} worker", command)
    supervisor.start(
        "web",
        [
            *(sys.executable, "-m", "granian", *GRANIAN),
            *("--port", str(options.port), "--workers", str(options.workers)),
            "bluelamp.asgi:application",
        ],
    )


def _start_stand_ins(supervisor: Supervisor, var: Path) -> None:
    """Start the sandbox for the outside services that have no address of their own."""
    notify, pay, tsa = _free_port(), _free_port(), _free_port()
    if not os.environ.get("BLUELAMP_NOTIFY_URL"):
        os.environ["BLUELAMP_NOTIFY_URL"] = f"http://127.0.0.1:{notify}"
    if not os.environ.get("BLUELAMP_PAY_URL"):
        os.environ["BLUELAMP_PAY_URL"] = f"http://127.0.0.1:{pay}"
    if not os.environ.get("BLUELAMP_TSA_URL"):
        os.environ["BLUELAMP_TSA_URL"] = f"http://127.0.0.1:{tsa}/"
    supervisor.start(
        "stand-ins",
        [
            *(sys.executable, "-m", "sandbox", "--folder", str(var / "sandbox")),
            *("--notify-port", str(notify), "--tsa-port", str(tsa), "--pay-port", str(pay)),
            # The path of `pay-webhook`: this program has no URLs of its own.
            *("--pay-webhook-url", f"{os.environ['BLUELAMP_ORIGIN']}/pay/webhook/"),
        ],
    )


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: choose a number from 1 to 65535")
    return int(text)


def _process_count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 64:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a number of processes: choose one from 1 to 64"
        )
    return int(text)


def _is_port_free(port: int) -> bool:
    with socket.socket() as probe:
        # the web server sets it too: a port whose last connections are closing counts as free
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    with socket.socket() as probe:
        # Port 0: the system chooses one that is free.
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _print_step(line: str) -> None:
    print(f"… {line}", flush=True)
