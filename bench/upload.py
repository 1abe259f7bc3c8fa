"""Uploads against a raw limit: a 200 MB file by tus in 8 MiB chunks, and a bare aiohttp PUT of the
same bytes.

Both servers run on loopback with their files on one disk. Runs take turns, so that whatever else
the machine does slows both. Then 500 slow senders at once, while a page is fetched again and again.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import itertools
import json
import math
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psutil

from bench.instance import free_port
from bench.raw_http import Connection

ROOT = Path(__file__).resolve().parent.parent
FILE_BYTES = 200_000_000
CHUNK_BYTES = 8 * 1024**2
RUNS = 7
SLOW_SENDERS = 500
SLOW_BYTES_PER_SECOND = 20_000
SLOW_SECONDS = 15
PROBES = 150
MEMORY_LIMIT_MB = 50
PAGE_LIMIT_MS = 50


@dataclass(frozen=True)
class Server:
    """The server under test: where it listens, its process, and tokens to send with."""

    port: int
    process: psutil.Process
    tokens: list[str]


def send_put(port: int, data: bytes) -> float:
    """Send the bytes in one PUT; return the seconds it took."""
    connection = Connection(port)
    start_time = time.perf_counter()
    status, _, body = connection.call(
        f"PUT /{time.time_ns()} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(data)}\r\n", data
    )
    taken = time.perf_counter() - start_time
    connection.close()
    if status != 200 or body.decode() != hashlib.sha256(data).hexdigest():
        raise RuntimeError(f"the bare server answered {status}")
    return taken


def send_tus(server: Server, data: bytes, *, algorithm: str = "") -> float:
    """Send the bytes by tus; return the seconds, creation and the item's record included."""
    sums = {}
    for start in range(0, len(data), CHUNK_BYTES) if algorithm else ():
        digest = hashlib.new(algorithm, data[start : start + CHUNK_BYTES]).digest()
        sums[start] = f"Upload-Checksum: {algorithm} {base64.b64encode(digest).decode()}\r\n"
    connection = Connection(server.port)
    common = f"Host: 127.0.0.1\r\nTus-Resumable: 1.0.0\r\nUpload-Token: {server.tokens[0]}\r\n"
    view = memoryview(data)
    start_time = time.perf_counter()
    create = (
        f"POST /uploads/ HTTP/1.1\r\n{common}Content-Length: 0\r\nUpload-Length: {len(data)}\r\n"
    )
    status, headers, body = connection.call(create)
    for start in range(0, len(data), CHUNK_BYTES):
        if status not in (201, 204):
            raise RuntimeError(f"the upload was answered {status}: {body!r}")
        if not start:
            place = headers["location"]
        piece = view[start : start + CHUNK_BYTES]
        status, headers, body = connection.call(
            f"PATCH {place} HTTP/1.1\r\n{common}{sums.get(start, '')}"
            f"Content-Length: {len(piece)}\r\n"
            f"Content-Type: application/offset+octet-stream\r\nUpload-Offset: {start}\r\n",
            piece,
        )
    taken = time.perf_counter() - start_time
    connection.close()
    if headers.get("bluelamp-sha256") != hashlib.sha256(data).hexdigest():
        raise RuntimeError(f"the upload ended with {status}: {body!r}")
    return taken


@contextmanager
def running_server(
    arguments: list[str], *, port: int, env: dict[str, str]
) -> Iterator[psutil.Process]:
    """Run a server until the block ends."""
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=env)
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise RuntimeError(f"{arguments[1]} ended at its start")
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def servers(scratch: Path) -> Iterator[tuple[Server, dict[str, int]]]:
    """Run ours, with an embedded database, and the bare server on both event loops."""
    from bluelamp.cli.run import GRANIAN
    from bluelamp.foundation.kernel.database import postgres

    var, bare = scratch / "var", scratch / "bare"
    var.mkdir()
    bare.mkdir()
    port = free_port()
    env = {k: v for k, v in os.environ.items() if not k.startswith("BLUELAMP_")}
    env |= {"DATABASE_URL": postgres.start(var / "postgres"), "BLUELAMP_VAR": str(var)}
    env.setdefault("DJANGO_SETTINGS_MODULE", "bluelamp.settings")
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v", "0"], cwd=ROOT, env=env, check=True
    )
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"], cwd=ROOT, env=env
    )
    tokens = subprocess.run(
        [sys.executable, "-m", "bench.upload"],
        cwd=ROOT,
        env=env,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    application = os.environ.get("BENCH_APPLICATION", "bluelamp.asgi:application")
    granian = ["-m", "granian", *GRANIAN, "--port", str(port), "--workers", "1", application]
    bare_ports = {"asyncio": free_port(), "uvloop": free_port()}
    with ExitStack() as stack:
        process = stack.enter_context(running_server(granian, port=port, env=env))
        for loop, bare_port in bare_ports.items():
            stack.enter_context(
                running_server(
                    ["-m", "bench.bare_put", str(bare_port), str(bare), loop],
                    port=bare_port,
                    env=env,
                )
            )
        yield Server(port, process, tokens), bare_ports


def resident_memory(process: psutil.Process) -> int:
    """Return the memory of a process and its children, in bytes."""
    total = 0
    for member in [process, *process.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            total += member.memory_info().rss
    return total


@contextmanager
def peak_of(process: psutil.Process) -> Iterator[list[int]]:
    """Watch the memory of a process. The list's only entry is its peak in bytes."""
    peak, done = [resident_memory(process)], Event()

    def watch() -> None:
        while not done.wait(0.02):
            peak[0] = max(peak[0], resident_memory(process))

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()


def measure_throughput(server: Server, bare: dict[str, int], folder: Path) -> dict[str, Any]:
    """Send fresh bytes by each way in turn."""
    ways = {f"bare {loop}": port for loop, port in bare.items()}
    taken: dict[str, list[float]] = {name: [] for name in (*ways, "tus", "tus sha256")}
    data = bytearray(os.urandom(FILE_BYTES))
    send_tus(
        server, bytes(data[: 4 * CHUNK_BYTES])
    )  # the first of all uploads pays for imports and connections
    before = resident_memory(server.process)
    with peak_of(server.process) as peak:
        for run in range(RUNS):
            data[:8] = run.to_bytes(8, "big")
            whole = bytes(data)
            for name, port in ways.items():
                taken[name].append(send_put(port, whole))
            taken["tus"].append(send_tus(server, whole))
            data[8:16] = run.to_bytes(8, "big")
            taken["tus sha256"].append(send_tus(server, bytes(data), algorithm="sha256"))
            # each round finds the disk and the page cache as the first one did
            for path in [*folder.glob("bare/*"), *folder.glob("var/evidence/??/??/*")]:
                path.unlink()
    speed = {name: [FILE_BYTES / 1e6 / seconds for seconds in runs] for name, runs in taken.items()}
    median = {name: statistics.median(runs) for name, runs in speed.items()}
    best = max(median[name] for name in ways)
    return {
        "MB_per_s": {name: round(value) for name, value in median.items()},
        "runs": {name: [round(value) for value in runs] for name, runs in speed.items()},
        "ratio": round(median["tus"] / best, 2),
        "ratio_sha256_pieces": round(median["tus sha256"] / best, 2),
        "memory_growth_MB": round((peak[0] - before) / 1e6, 1),
    }


def time_pages(server: Server, path: str, count: int) -> list[float]:
    """Fetch a page again and again, and return the milliseconds of each answer."""
    connection, taken = Connection(server.port), []
    for _ in range(count):
        start_time = time.perf_counter()
        connection.call(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n")
        taken.append((time.perf_counter() - start_time) * 1e3)
        time.sleep(SLOW_SECONDS / 2 / count)
    connection.close()
    return taken


async def slow_senders(server: Server, ready: Event, done: Event) -> int:
    """Send 500 uploads at 20 kB/s each until `done`, and return the bytes sent."""
    sent, started = 0, 0

    async def send(token: str) -> None:
        nonlocal sent, started
        common = f"Host: 127.0.0.1\r\nTus-Resumable: 1.0.0\r\nUpload-Token: {token}\r\n"
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(
            f"POST /uploads/ HTTP/1.1\r\n{common}Content-Length: 0\r\n"
            f"Upload-Length: {CHUNK_BYTES}\r\n\r\n".encode()
        )
        answer = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        place = answer.partition("location: ")[2].partition("\r\n")[0]
        writer.write(
            f"PATCH {place} HTTP/1.1\r\n{common}Content-Length: {CHUNK_BYTES}\r\n"
            "Upload-Offset: 0\r\n"
            "Content-Type: application/offset+octet-stream\r\n\r\n".encode()
        )
        started += 1
        while not done.is_set():
            writer.write(bytes(SLOW_BYTES_PER_SECOND // 4))
            await writer.drain()
            sent += SLOW_BYTES_PER_SECOND // 4
            if reader._buffer:  # type: ignore[attr-defined]  # an answer before the end is a refusal
                raise RuntimeError(bytes(reader._buffer))  # type: ignore[attr-defined]
            if started == SLOW_SENDERS:
                ready.set()
            await asyncio.sleep(0.25)
        writer.close()

    tokens = itertools.islice(itertools.cycle(server.tokens[1:]), SLOW_SENDERS)
    await asyncio.gather(*(send(token) for token in tokens))
    return sent


def measure_slow_senders(server: Server) -> dict[str, Any]:
    """Measure a page without and with 500 slow uploads started on."""
    connection = Connection(server.port)
    path = next(
        p
        for p in ("/report/", "/healthz", "/uploads/")
        if connection.call(f"GET {p} HTTP/1.1\r\nHost: 127.0.0.1\r\n")[0] != 500
    )
    connection.close()
    time_pages(server, path, 20)
    alone = time_pages(server, path, PROBES)
    ready, done, total = Event(), Event(), [0]
    before = resident_memory(server.process)
    threads = max(
        process.num_threads()
        for process in [server.process, *server.process.children(recursive=True)]
    )

    def run() -> None:
        total[0] = asyncio.run(slow_senders(server, ready, done))

    sender = Thread(target=run)
    with peak_of(server.process) as peak:
        sender.start()
        if not ready.wait(60):
            done.set()
            raise RuntimeError(f"{SLOW_SENDERS} slow uploads did not begin within a minute")
        start_time = time.monotonic()
        beside = time_pages(server, path, PROBES)
        time.sleep(max(0.0, SLOW_SECONDS - (time.monotonic() - start_time)))
        during = max(
            process.num_threads()
            for process in [server.process, *server.process.children(recursive=True)]
        )
        done.set()
        sender.join()
    return {
        "page": path,
        "uploads": SLOW_SENDERS,
        "sent_MB": round(total[0] / 1e6, 1),
        "page_p50_ms": [round(statistics.median(alone), 1), round(statistics.median(beside), 1)],
        "page_p95_ms": [round(p95(alone), 1), round(p95(beside), 1)],
        "memory_growth_MB": round((peak[0] - before) / 1e6, 1),
        "threads": [threads, during],
    }


def p95(values: list[float]) -> float:
    """Return the value that 95 of 100 stay under."""
    return statistics.quantiles(values, n=20)[-1]


def run(*, as_json: bool = False) -> dict[str, Any]:
    """Measure, print and return the figures."""
    scratch = Path(
        tempfile.mkdtemp(prefix="bluelamp-bench-", dir=os.environ.get("BLUELAMP_SCRATCH") or None)
    )
    try:
        with servers(scratch) as (server, bare):
            figures: dict[str, Any] = {
                "upload": measure_throughput(server, bare, scratch),
                "slow": measure_slow_senders(server),
            }
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    missed = []
    if figures["upload"]["ratio"] < 1:
        missed.append("slower than the bare server")
    if figures["upload"]["memory_growth_MB"] > MEMORY_LIMIT_MB:
        missed.append("the server's memory grew")
    if figures["slow"]["page_p95_ms"][1] > PAGE_LIMIT_MS:
        missed.append("slow uploads slow a page down")
    if as_json:
        print(json.dumps({**figures, "missed": missed}))
    else:
        for part, values in figures.items():
            for name, value in values.items():
                print(f"{part:8}{name:24}{value}")
        print("missed: " + ("; ".join(missed) or "nothing"))
    return {**figures, "missed": missed}


def _print_tokens() -> None:
    import django

    django.setup()
    from bluelamp.foundation.accounts.actors import public_actor
    from bluelamp.foundation.kernel.clock import now
    from bluelamp.foundation.kernel.ids import new_id
    from bluelamp.records.evidence.commands import issue_upload_token
    from bluelamp.records.evidence.rules import MAX_FILES_OF_PUBLIC_SUBJECT, Subject

    # One for the measurement alone, and enough for the slow senders: a report takes few files.
    for _ in range(1 + math.ceil(SLOW_SENDERS / MAX_FILES_OF_PUBLIC_SUBJECT)):
        subject = Subject("report", new_id())
        print(
            issue_upload_token(actor=public_actor(), at=now(), subject=subject, max_files=100_000)
        )


if __name__ == "__main__":
    _print_tokens()
