"""`bluelamp bench page`: how soon every public and desk page answers, with the demonstration's data.

Each page is fetched 60 times by one visitor after one warm-up; `/healthz`, which touches nothing, is the raw limit of
the same run.
"""

import json
import statistics
import subprocess
import sys
import time
from typing import Any

from bench.client import Client
from bench.instance import Instance, fresh

TIMES = 60
PUBLIC = ("/", "/report/", "/track/", "/sign-in/", "/accessibility/", "/privacy/")
DESK = ("/desk/", "/desk/reports/", "/desk/crimes/", "/desk/case-files/", "/desk/search/?q=road")


def run(*, as_json: bool = False) -> dict[str, Any]:
    """Measure, print and return the figures; `missed` names the pages at or over 50 ms at p95."""
    with fresh() as instance:
        story = _story(instance)
        public, desk = Client(instance.origin), Client(instance.origin)
        desk.sign_in("bilal")
        number = story["crime_numbers"][0].replace("/", "-")
        pages = [(public, path) for path in PUBLIC]
        pages += [(desk, path) for path in DESK]
        pages += [
            (desk, f"/desk/reports/{story['report']}/"),
            (desk, f"/desk/crimes/{number}/"),
            (desk, f"/desk/case-files/{story['urn']}/"),
        ]
        raw = _measure(public, "/healthz")
        rows = {path: _measure(client, path) for client, path in pages}
    slow = [path for path, row in rows.items() if row["p95_ms"] >= 50]
    if as_json:
        print(json.dumps({"raw": raw, "pages": rows, "missed": slow}))
    else:
        print(f"{'/healthz (raw limit)':45} p50 {raw['p50_ms']:6.1f}  p95 {raw['p95_ms']:6.1f} ms")
        for path, row in rows.items():
            print(
                f"{path:45} p50 {row['p50_ms']:6.1f}  p95 {row['p95_ms']:6.1f} ms  ×{row['p50_ms'] / raw['p50_ms']:.0f}"
            )
    return {"raw": raw, "pages": rows, "missed": slow}


def _measure(client: Client, path: str) -> dict[str, Any]:
    for _ in range(6):
        status, _body = client.get(path)
        if status != 200:
            raise RuntimeError(f"{path} answered {status}")
    taken = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        client.get(path)
        taken.append((time.perf_counter() - begun) * 1000)
    taken.sort()
    return {"p50_ms": round(statistics.median(taken), 2), "p95_ms": round(taken[int(TIMES * 0.95) - 1], 2)}


def _story(instance: Instance) -> dict[str, Any]:
    told = subprocess.run(
        [sys.executable, "-m", "bluelamp.cli", "demo", "story"],
        env=instance.env,
        check=True,
        capture_output=True,
    )
    story: dict[str, Any] = json.loads(told.stdout)
    return story
