"""`bluelamp bench page`: how quickly every public and desk page answers, with the demonstration's
data.

Every page that can be reached by links is fetched, one of each kind, 60 times by one visitor after
a warm-up. `/healthz`, which touches nothing, is the raw limit of the same run.
"""

import json
import statistics
import subprocess
import sys
import time
from itertools import chain
from typing import Any

from bench.client import Client
from bench.instance import Instance, temporary_instance
from bench.visitors import public_pages, staff_pages

TIMES = 60
TARGET_P95_MS = 50


def run(*, as_json: bool = False) -> dict[str, Any]:
    """Measure, print and return the figures; `missed` names the pages at or over 50 ms at p95."""
    with temporary_instance() as instance:
        story = _wait_for_story(instance)
        raw = measure_page(Client(instance.origin), "/healthz")
        rows: dict[str, dict[str, Any]] = {}
        cast = staff_pages(instance.origin, numbers=story["crime_numbers"])
        for client, path in chain(public_pages(instance.origin), cast):
            rows[f"{path} ({client.name})" if path in rows else path] = measure_page(client, path)
    slow = [path for path, row in rows.items() if row["p95_ms"] >= TARGET_P95_MS]
    if as_json:
        print(json.dumps({"raw": raw, "pages": rows, "missed": slow}))
    else:
        print(f"{'/healthz (raw limit)':70} p50 {raw['p50_ms']:6.1f}  p95 {raw['p95_ms']:6.1f} ms")
        for path, row in rows.items():
            ratio = row["p50_ms"] / raw["p50_ms"]
            print(f"{path:70} p50 {row['p50_ms']:6.1f}  p95 {row['p95_ms']:6.1f} ms  ×{ratio:.0f}")
    return {"raw": raw, "pages": rows, "missed": slow}


def measure_page(client: Client, path: str) -> dict[str, Any]:
    """Return p50 and p95 of a page in milliseconds. Raises RuntimeError where it is not there."""
    for _ in range(6):
        status, _body = client.get(path)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
    milliseconds = []
    for _ in range(TIMES):
        start = time.perf_counter()
        client.get(path)
        milliseconds.append((time.perf_counter() - start) * 1000)
    milliseconds.sort()
    return {
        "p50_ms": round(statistics.median(milliseconds), 2),
        "p95_ms": round(milliseconds[int(TIMES * 0.95) - 1], 2),
    }


def _wait_for_story(instance: Instance) -> dict[str, Any]:
    """Wait until the story's case file is with the prosecutor, and return its references."""
    deadline = time.monotonic() + 120
    story: dict[str, Any] = {}
    while story.get("case_file_state") != "submitted":
        if time.monotonic() > deadline:
            raise RuntimeError(f"the story did not end: {story}")
        time.sleep(1)
        answer = subprocess.run(
            [sys.executable, "-m", "bluelamp.cli", "demo", "story"],
            env=instance.env, check=True, capture_output=True,
        )  # fmt: skip
        story = json.loads(answer.stdout)
    return story
