"""Faults seen in comparable systems: reports lost under load, and data lost in a crash.

Both tests use their own running instance, over HTTP.
"""

import http.client
import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from queue import Empty, SimpleQueue
from typing import Any
from uuid import uuid4

import pytest

from bench.instance import ROOT, Instance
from tests.prepared_instances import execute_sql, prepared_instance

CLIENTS, REPORTS = 64, 10_000


@pytest.fixture(scope="module")
def instance() -> Iterator[Instance]:
    with prepared_instance(is_demo=False, BLUELAMP_WORKERS="2") as running:
        yield running


def _new_report() -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "kind": "theft",
        "narrative": "A parcel was taken from the doorstep, worth about £40.",
        "person": {
            "given_name": "Esi",
            "family_name": "Mensah",
            "email": f"{uuid4().hex[:12]}@example.com",
            "is_safe_to_contact": False,
        },
        "is_declared_true": True,
    }


def _send(
    connection: http.client.HTTPConnection, report: dict[str, Any], photo: bytes = b""
) -> tuple[int, Any]:
    body = json.dumps(report).encode()
    kind = "application/json"
    if photo:
        boundary = uuid4().hex
        kind = f"multipart/form-data; boundary={boundary}"
        body = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="report"\r\n\r\n'.encode()
            + body
            + f"\r\n--{boundary}\r\n"
            'Content-Disposition: form-data; name="files"; filename="a.jpg"\r\n'
            "Content-Type: image/jpeg\r\n\r\n".encode()
            + photo
            + f"\r\n--{boundary}--\r\n".encode()
        )
    connection.request("POST", "/api/v1/reports", body, {"Content-Type": kind})
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())


def _read_records(instance: Instance) -> dict[str, dict[str, str]]:
    """Return the references of the reports and the hashes of the items, by their ids."""
    queries = {
        "reports": "SELECT id::text, reference FROM reports_report",
        "items": "SELECT id::text, blob_id FROM evidence_item",
    }
    return {
        name: {str(row_id): str(value) for row_id, value in execute_sql(instance.var, query)}
        for name, query in queries.items()
    }


def test_ten_thousand_reports_from_64_clients(instance: Instance) -> None:
    waiting: SimpleQueue[dict[str, Any]] = SimpleQueue()
    for _ in range(REPORTS):
        waiting.put(_new_report())

    def client(_number: int) -> list[tuple[str, int, str]]:
        answered = []
        with closing(
            http.client.HTTPConnection("127.0.0.1", instance.port, timeout=120)
        ) as connection:
            while True:
                try:
                    report = waiting.get_nowait()
                except Empty:
                    return answered
                status, answer = _send(connection, report)
                answered.append((report["id"], status, answer.get("reference", "")))

    with ThreadPoolExecutor(CLIENTS) as clients:
        answers = [answer for batch in clients.map(client, range(CLIENTS)) for answer in batch]
    assert len(answers) == REPORTS, "every client gets an answer"
    assert {status for _, status, _ in answers} == {201}
    assert len({reference for _, _, reference in answers}) == REPORTS, "no reference is given twice"
    records = _read_records(instance)["reports"]
    assert all(records[report_id] == reference for report_id, _, reference in answers)


def test_kill_9_loses_nothing_that_was_acknowledged(instance: Instance) -> None:
    rng = random.Random(9)
    acknowledged: dict[str, dict[str, Any]] = {}
    unanswered: list[tuple[dict[str, Any], bytes]] = []

    def client(stop: threading.Event, seed: int) -> None:
        photos = random.Random(seed)
        with closing(
            http.client.HTTPConnection("127.0.0.1", instance.port, timeout=30)
        ) as connection:
            while not stop.is_set():
                report, photo = _new_report(), b"\xff\xd8\xff\xe0" + photos.randbytes(200_000)
                try:
                    status, answer = _send(connection, report, photo)
                except (OSError, http.client.HTTPException):
                    unanswered.append((report, photo))
                    return
                assert status == 201, answer
                acknowledged[report["id"]] = answer

    for _ in range(2):
        stop = threading.Event()
        threads = [
            threading.Thread(target=client, args=(stop, rng.randrange(10**9))) for _ in range(6)
        ]
        for thread in threads:
            thread.start()
        time.sleep(1 + rng.random())
        instance.kill()
        stop.set()
        for thread in threads:
            thread.join(60)
        instance.start()
        records = _read_records(instance)
        for report_id, answer in acknowledged.items():
            assert records["reports"][report_id] == answer["reference"]
            for item in answer["items"]:
                assert records["items"][item["id"]] == item["sha256"]
    assert acknowledged
    assert unanswered, "the crash should interrupt something"

    with closing(http.client.HTTPConnection("127.0.0.1", instance.port, timeout=60)) as connection:
        for report, photo in unanswered:
            status, answer = _send(connection, report, photo)
            assert status in {200, 201}, answer
    for verb in (["evidence", "fsck"], ["audit", "verify"]):
        checked = subprocess.run(
            [sys.executable, "-m", "bluelamp.cli", *verb],
            env=instance.env,
            cwd=ROOT,
            capture_output=True,
            text=True,
        )
        assert checked.returncode == 0, checked.stdout[-2000:] + checked.stderr[-2000:]
        assert checked.stdout.splitlines()[-1].endswith(" 0 failed")
