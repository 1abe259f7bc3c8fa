"""A complete Bluelamp on a free port and in a temporary folder, for benchmarks, journeys and fault
tests.
"""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Instance:
    """One running `bluelamp run`."""

    var: Path
    port: int
    environment: dict[str, str] = field(default_factory=dict)
    is_demo: bool = True
    process: subprocess.Popen[bytes] | None = None

    @property
    def origin(self) -> str:
        """Return the address that it serves."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        """Return the environment in which `bluelamp` verbs reach the same instance."""
        inherited = {
            k: v
            for k, v in os.environ.items()
            if not k.startswith("BLUELAMP_") and k != "DATABASE_URL"
        }
        return {
            **inherited,
            "BLUELAMP_VAR": str(self.var),
            "PORT": str(self.port),
            **({"BLUELAMP_DEMO": "1"} if self.is_demo else {}),
            **self.environment,
        }

    def start(self, seconds: float = 180) -> None:
        """Start it and wait for its `ready:` line.

        Raises:
            RuntimeError: It did not come; the message ends with the output.
        """
        log = self.var / "run.log"
        before = log.stat().st_size if log.exists() else 0
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bluelamp.cli", "run", "--port", str(self.port)],
                env=self.env,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                start_new_session=True,
            )
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if f"ready: {self.origin}".encode() in log.read_bytes()[before:]:
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        self.kill()
        raise RuntimeError("did not get ready:\n" + log.read_text(errors="replace")[-4000:])

    def stop(self) -> None:
        """Ask it to stop, and wait."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()

    def abandon(self) -> None:
        """End every process at once, whatever it was doing: for an instance that nobody needs."""
        # A polite stop waits for the jobs that are running, which give way to everything else.
        with suppress(OSError):
            # PostgreSQL ends at once by itself, because killed it would leave its shared memory.
            pid = int((self.var / "postgres" / "postmaster.pid").read_text().split()[0])
            os.kill(pid, signal.SIGQUIT)
        self.kill()

    def processes(self) -> list[psutil.Process]:
        """Return every process of the instance, the database's included."""
        members: list[psutil.Process] = []
        if self.process and self.process.poll() is None:
            parent = psutil.Process(self.process.pid)
            members = [parent, *parent.children(recursive=True)]
        for process in psutil.process_iter(["name", "cmdline"]):
            if str(self.var) in " ".join(process.info["cmdline"] or ()) and process not in members:
                members.append(process)
                members += [
                    child for child in process.children(recursive=True) if child not in members
                ]
        return [process for process in members if process.pid != os.getpid()]

    def kill(self) -> None:
        """Kill every process at once, with SIGKILL: web server, workers and database."""
        processes = self.processes()
        for process in processes:
            try:
                process.send_signal(signal.SIGKILL)
            except psutil.NoSuchProcess:
                continue
        psutil.wait_procs(processes, timeout=20)
        if self.process:
            self.process.wait(20)


@contextmanager
def temporary_instance(*, is_demo: bool = True, **environment: str) -> Iterator[Instance]:
    """Run an instance in a temporary folder, which is removed afterwards.

    Args:
        is_demo: Whether it is the demonstration.
        **environment: Its settings.
    """
    var = Path(
        tempfile.mkdtemp(
            prefix="bluelamp-instance-", dir=os.environ.get("BLUELAMP_SCRATCH") or None
        )
    )
    instance = Instance(var, free_port(), environment, is_demo)
    try:
        instance.start()
        yield instance
    finally:
        instance.stop()
        shutil.rmtree(var, ignore_errors=True)


def free_port() -> int:
    """Return a port that nothing listens on.

    It is outside the range that the system gives to outgoing connections.
    """
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
