"""`bluelamp bench report`: reports with one 2 MB photo each, durable in database and store.

One client alone, then eight clients for ten seconds, against a fresh instance without demonstration
data; and in the same run the raw limits: one thread, and eight, that hash, write and fsync the same
bytes in the same folder. Then every reference is checked to be unique, and every photo to be in the
store under its hash.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import multiprocessing
import os
import statistics
import threading
import time
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.instance import Instance, temporary_instance

CLIENTS = 8
RUN_SECONDS = 10.0
MOST_ALONE = 300
PHOTO_BYTES = 2_000_000
TARGET_RATE, TARGET_P50_MS = 100.0, 15.0
BOUNDARY = "bluelamp-bench-boundary"


@dataclass(frozen=True)
class SentReport:
    """An answered report: its reference, its photo's hash here and there, and its time."""

    reference: str
    sha256: str
    answered_sha256: str
    seconds: float


class Photos:
    """Bodies like a phone's JPEGs, all different.

    Each is made by changing a few bytes of the last one, which costs the client nothing.
    """

    def __init__(self) -> None:
        self._photo = bytearray(
            b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + os.urandom(PHOTO_BYTES - 16) + b"\xff\xd9"
        )

    def next(self) -> bytearray:
        """Return a photo that nobody sent before. The next call changes it."""
        self._photo[1000:1016] = uuid.uuid4().bytes
        return self._photo

    @property
    def mark(self) -> bytes:
        """Return the bytes that tell the current photo from the others."""
        return bytes(self._photo[1000:1016])

    def sha256(self, mark: bytes) -> str:
        """Return the hash of the photo with that mark."""
        self._photo[1000:1016] = mark
        return hashlib.sha256(self._photo).hexdigest()


def send_report(connection: http.client.HTTPConnection, photo: bytearray) -> tuple[str, str, float]:
    """Send one report; return its reference, the photo's hash as answered, and the seconds."""
    report = {
        "id": str(uuid.uuid4()),
        "kind": "criminal-damage",
        "narrative": "The window of my shop was broken overnight and the till is gone.",
        "occurred_from": "2026-03-02T22:00:00Z",
        "place": {
            "address": f"{uuid.uuid4().int % 900} Bench Road, Peckham",
            "postcode": "SE15 4QL",
        },
        "person": {
            "given_name": "Esi",
            "family_name": uuid.uuid4().hex[:10],
            "email": f"{uuid.uuid4().hex}@example.com",
            "is_safe_to_contact": True,
        },
        "is_declared_true": True,
    }
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="report"\r\n'
        f"Content-Type: application/json\r\n\r\n{json.dumps(report)}\r\n--{BOUNDARY}\r\n"
        'Content-Disposition: form-data; name="files"; filename="IMG_0001.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    ).encode()
    tail = f"\r\n--{BOUNDARY}--\r\n".encode()
    headers = {
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Content-Length": str(len(head) + len(photo) + len(tail)),
    }
    start = time.perf_counter()
    connection.request("POST", "/api/v1/reports", iter((head, photo, tail)), headers)
    answer = connection.getresponse()
    body = answer.read()
    taken = time.perf_counter() - start
    if answer.status != 201:
        raise RuntimeError(f"answered {answer.status}: {body[:500]!r}")
    receipt = json.loads(body)
    return receipt["reference"], receipt["items"][0]["sha256"], taken


def send_reports(port: int, until: float, most: int, answers: Any) -> None:
    """Send reports until a moment on the monotonic clock, or `most` of them, and queue the answers.

    The photos are hashed here afterwards, so that it does not weigh on the measured machine.
    """
    photos, sent = Photos(), list[tuple[bytes, tuple[str, str, float]]]()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        while time.monotonic() < until and len(sent) < most:
            photo = photos.next()
            sent.append((photos.mark, send_report(connection, photo)))
    except (OSError, RuntimeError, http.client.HTTPException) as error:
        answers.put(error)
    else:
        ended = time.monotonic()
        reports = [
            SentReport(ref, photos.sha256(mark), there, taken) for mark, (ref, there, taken) in sent
        ]
        answers.put((ended, reports))
    connection.close()


def run_clients(
    port: int, *, clients: int, seconds: float, most: int = 100_000
) -> tuple[list[SentReport], float]:
    """Run clients in processes of their own; return the answered reports and reports per second."""
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    start = time.monotonic() + 2.0  # the processes start meanwhile
    senders = [
        context.Process(target=_run_client, args=(port, start, start + seconds, most, answers))
        for _ in range(clients)
    ]
    for sender in senders:
        sender.start()
    results = [answers.get(timeout=seconds + 120) for _ in senders]
    for sender in senders:
        sender.join()
    for result in results:
        if isinstance(result, Exception):
            raise result
    taken = max(ended for ended, _ in results) - start
    reports = [report for _, sent in results for report in sent]
    return reports, len(reports) / taken


def _run_client(port: int, start: float, until: float, most: int, answers: Any) -> None:
    time.sleep(max(0.0, start - time.monotonic()))
    send_reports(port, until, most, answers)


def measure_raw_limit(folder: Path, *, seconds: float, threads: int = CLIENTS) -> list[float]:
    """Return the seconds that threads took to hash, write and fsync each photo in a folder."""
    folder.mkdir(exist_ok=True)
    taken: list[float] = []
    until = time.monotonic() + seconds

    def write() -> None:
        photos = Photos()
        while (start := time.monotonic()) < until:
            photo = photos.next()
            target = folder / hashlib.sha256(photo).hexdigest()
            fd = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
            try:
                os.write(fd, photo)
                os.fsync(fd)
            finally:
                os.close(fd)
            taken.append(time.monotonic() - start)

    writers = [threading.Thread(target=write) for _ in range(threads)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    for file in folder.iterdir():
        file.unlink()
    return taken


def check_stored(sent: list[SentReport], store: Path) -> list[str]:
    """Return what is wrong: a reference given twice, or a hash answered or stored that is not the
    photo's.
    """
    faults = []
    if len({report.reference for report in sent}) != len(sent):
        faults.append("a reference was given twice")
    for report in sent:
        if report.answered_sha256 != report.sha256:
            faults.append(f"{report.reference} was answered with another hash")
        path = store / report.sha256[:2] / report.sha256[2:4] / report.sha256
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != report.sha256:
                faults.append(f"{report.reference}: {path} holds other bytes")
    return faults


def measure_instance(instance: Instance) -> dict[str, Any]:
    """Measure a running instance."""
    # a warm-up, for imports, connections and caches
    run_clients(instance.port, clients=2, seconds=1.5)
    folder = instance.var / "evidence" / "incoming" / "raw"
    limit = [len(measure_raw_limit(folder, seconds=3.0)) / 3.0]
    raw_alone = statistics.median(measure_raw_limit(folder, seconds=1.0, threads=1)) * 1000
    # One client first: after the crowd the job workers are busy with previews for a while.
    alone, _ = run_clients(instance.port, clients=1, seconds=60.0, most=MOST_ALONE)
    many, rate = run_clients(instance.port, clients=CLIENTS, seconds=RUN_SECONDS)
    limit.append(len(measure_raw_limit(folder, seconds=3.0)) / 3.0)
    busy = sorted(report.seconds * 1000 for report in many)
    quiet = sorted(report.seconds * 1000 for report in alone)
    best = max(limit)
    figures: dict[str, Any] = {
        "reports_per_s": round(rate, 1),
        "reports": len(many),
        "p50_ms": round(statistics.median(busy), 1),
        "p95_ms": round(busy[int(len(busy) * 0.95) - 1], 1),
        "alone_p50_ms": round(statistics.median(quiet), 1),
        "alone_p95_ms": round(quiet[int(len(quiet) * 0.95) - 1], 1),
        "alone_raw_ms": round(raw_alone, 1),
        "raw_per_s": round(best, 1),
        "raw_runs": [round(rate, 1) for rate in limit],
        "ratio": round(rate / best, 2),
        "faults": check_stored([*many, *alone], instance.var / "evidence"),
    }
    missed = []
    if rate < TARGET_RATE:
        missed.append("reports_per_s")
    if figures["alone_p50_ms"] >= TARGET_P50_MS:
        missed.append("alone_p50_ms")
    return {**figures, "missed": missed}


def run(*, as_json: bool = False) -> dict[str, Any]:
    """Measure, print and return the figures.

    Raises:
        RuntimeError: A report was not stored as it was answered.
    """
    with temporary_instance(is_demo=False) as instance:
        figures = measure_instance(instance)
    if as_json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:16}{value}")
    if figures["faults"]:
        raise RuntimeError(
            f"{len(figures['faults'])} reports were not stored as they were answered"
        )
    return figures
