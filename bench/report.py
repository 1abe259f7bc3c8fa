"""`bluelamp bench report`: reports with one 2 MB photo each, durable in database and store.

One client alone, then eight clients for ten seconds, against a fresh instance without demonstration
data; and in the same run the raw limits: one thread, and eight, that hash, write and fsync the same
bytes in the same folder. Then every reference is looked at for being its own, and every photo for
being in the store with its hash.
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

from bench.instance import Instance, fresh

CLIENTS = 8
SECONDS = 10.0
ALONE = 300
SIZE = 2_000_000
TARGET_RATE, TARGET_P50_MS = 100.0, 15.0
BOUNDARY = "bluelamp-bench-boundary"


@dataclass(frozen=True)
class Sent:
    """One report that was answered: its reference, its photo's hash here and there, and how long it
    took.
    """

    reference: str
    sha256: str
    answered_sha256: str
    seconds: float


class Photos:
    """Bodies like a phone's JPEGs, each its own; made by changing a few bytes, which costs the
    client nothing.
    """

    def __init__(self) -> None:
        self._photo = bytearray(
            b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + os.urandom(SIZE - 16) + b"\xff\xd9"
        )

    def next(self) -> bytearray:
        """Return a photo that nobody sent before; it is the next one as soon as this is called
        again.
        """
        self._photo[1000:1016] = uuid.uuid4().bytes
        return self._photo

    @property
    def mark(self) -> bytes:
        """What the present photo is known by."""
        return bytes(self._photo[1000:1016])

    def sha256(self, mark: bytes) -> str:
        """Return the hash of the photo with that mark."""
        self._photo[1000:1016] = mark
        return hashlib.sha256(self._photo).hexdigest()


def post(connection: http.client.HTTPConnection, photo: bytearray) -> tuple[str, str, float]:
    """Send one report and wait for its answer: its reference, its photo's hash there, and how long
    it took.
    """
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
    begun = time.perf_counter()
    connection.request("POST", "/api/v1/reports", iter((head, photo, tail)), headers)
    answer = connection.getresponse()
    body = answer.read()
    taken = time.perf_counter() - begun
    if answer.status != 201:
        raise RuntimeError(f"answered {answer.status}: {body[:500]!r}")
    told = json.loads(body)
    return told["reference"], told["items"][0]["sha256"], taken


def client(port: int, until: float, most: int, answers: Any) -> None:
    """Send reports until a moment on the monotonic clock, or `most` of them; put what was answered
    in the queue.

    What the photos hash to here is worked out afterwards, so that the measured machine need not do
    it.
    """
    photos, sent = Photos(), list[tuple[bytes, tuple[str, str, float]]]()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        while time.monotonic() < until and len(sent) < most:
            photo = photos.next()
            sent.append((photos.mark, post(connection, photo)))
    except (OSError, RuntimeError, http.client.HTTPException) as error:
        answers.put(error)
    else:
        ended = time.monotonic()
        told = [Sent(ref, photos.sha256(mark), there, taken) for mark, (ref, there, taken) in sent]
        answers.put((ended, told))
    connection.close()


def together(
    port: int, *, clients: int, seconds: float, most: int = 100_000
) -> tuple[list[Sent], float]:
    """Run clients in processes of their own; return what was answered, and the reports a second."""
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    begun = time.monotonic() + 2.0  # the processes start meanwhile
    senders = [
        context.Process(target=_from, args=(port, begun, begun + seconds, most, answers))
        for _ in range(clients)
    ]
    for sender in senders:
        sender.start()
    told = [answers.get(timeout=seconds + 120) for _ in senders]
    for sender in senders:
        sender.join()
    for each in told:
        if isinstance(each, Exception):
            raise each
    taken = max(ended for ended, _ in told) - begun
    return [each for _, sent in told for each in sent], sum(len(sent) for _, sent in told) / taken


def _from(port: int, begun: float, until: float, most: int, answers: Any) -> None:
    time.sleep(max(0.0, begun - time.monotonic()))
    client(port, until, most, answers)


def raw(folder: Path, *, seconds: float, threads: int = CLIENTS) -> list[float]:
    """Return the seconds that each photo took which so many threads could hash, write and fsync in
    `folder`.
    """
    folder.mkdir(exist_ok=True)
    taken: list[float] = []
    until = time.monotonic() + seconds

    def write() -> None:
        photos = Photos()
        while (begun := time.monotonic()) < until:
            photo = photos.next()
            target = folder / hashlib.sha256(photo).hexdigest()
            fd = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
            try:
                os.write(fd, photo)
                os.fsync(fd)
            finally:
                os.close(fd)
            taken.append(time.monotonic() - begun)

    writers = [threading.Thread(target=write) for _ in range(threads)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    for file in folder.iterdir():
        file.unlink()
    return taken


def check(sent: list[Sent], store: Path) -> list[str]:
    """Return what is wrong: a reference given twice, a hash answered or kept that is not the
    photo's.
    """
    faults = []
    if len({each.reference for each in sent}) != len(sent):
        faults.append("a reference was given twice")
    for each in sent:
        if each.answered_sha256 != each.sha256:
            faults.append(f"{each.reference} was answered with another hash")
        kept = store / each.sha256[:2] / each.sha256[2:4] / each.sha256
        with kept.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != each.sha256:
                faults.append(f"{each.reference}: {kept} holds other bytes")
    return faults


def measure(instance: Instance) -> dict[str, Any]:
    """Measure a running instance."""
    together(
        instance.port, clients=2, seconds=1.5
    )  # imports, connections and caches are paid for here
    folder = instance.var / "evidence" / "incoming" / "raw"
    limit = [len(raw(folder, seconds=3.0)) / 3.0]
    raw_alone = statistics.median(raw(folder, seconds=1.0, threads=1)) * 1000
    # One client first: after the crowd the job worker is busy for a while with the previews of what
    # came in.
    alone, _ = together(instance.port, clients=1, seconds=60.0, most=ALONE)
    many, rate = together(instance.port, clients=CLIENTS, seconds=SECONDS)
    limit.append(len(raw(folder, seconds=3.0)) / 3.0)
    busy, quiet = (
        sorted(each.seconds * 1000 for each in many),
        sorted(each.seconds * 1000 for each in alone),
    )
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
        "raw_runs": [round(each, 1) for each in limit],
        "ratio": round(rate / best, 2),
        "faults": check([*many, *alone], instance.var / "evidence"),
    }
    missed = [name for name, bad in (
        ("reports_per_s", rate < TARGET_RATE), ("alone_p50_ms", figures["alone_p50_ms"] >= TARGET_P50_MS),
    ) if bad]  # fmt: skip
    return {**figures, "missed": missed}


def run(*, as_json: bool = False) -> dict[str, Any]:
    """Measure, print and return the figures. Raises RuntimeError where a report was not kept as it
    was answered.
    """
    with fresh(BLUELAMP_DEMO="0") as instance:
        figures = measure(instance)
    if as_json:
        print(json.dumps(figures))
    else:
        for name, value in figures.items():
            print(f"{name:16}{value}")
    if figures["faults"]:
        raise RuntimeError(f"{len(figures['faults'])} reports were not kept as they were answered")
    return figures
