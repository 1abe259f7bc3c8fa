"""`bluelamp bench firearms`: the pages of licensing, requests and payments at full size.

A demonstration whose rows were copied until there are 100,000 certificates and 20,000 open
applications (`--scale 1`). Each page is fetched 60 times by one visitor after a warm-up.
`/healthz`, which touches nothing, is the raw limit of the same run.
"""

import json
from typing import Any

from bench.client import Client
from bench.instance import temporary_instance
from bench.licensing_rows import multiply_licensing
from bench.page import measure_page
from bench.visitors import linked_pages

CERTIFICATES, APPLICATIONS, REPORTS = 100_000, 20_000, 3_000
TARGET_P95_MS = 150
_PUBLIC = ("/firearms/", "/firearms/performance/", "/firearms/my/", "/requests/")
_LISTS = (
    "/desk/",
    "/desk/firearms/",
    "/desk/firearms/?page=400",
    "/desk/firearms/?stage=checks",
    "/desk/firearms/?risk=high",
    "/desk/firearms/?order=newest",
    "/desk/firearms/?order=stage-oldest",
    "/desk/firearms/?own=yes",
    "/desk/firearms/?q=family77",
    "/desk/firearms/vetting/",
    "/desk/firearms/expiring/",
    "/desk/payments/",
    "/desk/requests/",
)


def run(*, as_json: bool = False, scale: float = 1.0) -> dict[str, Any]:
    """Measure, print and return the figures; `missed` names the pages at or over 150 ms at p95."""
    with temporary_instance() as instance:
        rows = multiply_licensing(
            instance,
            certificates=int(CERTIFICATES * scale),
            applications=int(APPLICATIONS * scale),
            reports=int(REPORTS * scale),
        )
        visitor = Client(instance.origin)
        raw = measure_page(visitor, "/healthz")
        pages = {path: measure_page(visitor, path) for path in _PUBLIC}
        for user_name in ("nell", "ike"):
            staff = Client(instance.origin)
            staff.sign_in(user_name)
            for client, path in linked_pages(staff, *_LISTS):
                pages[f"{path} ({user_name})"] = measure_page(client, path)
    missed = [path for path, row in pages.items() if row["p95_ms"] >= TARGET_P95_MS]
    figures = {"rows": rows, "raw": raw, "pages": pages, "target": TARGET_P95_MS, "missed": missed}
    if as_json:
        print(json.dumps(figures))
    else:
        for path, row in pages.items():
            ratio = row["p50_ms"] / raw["p50_ms"]
            print(f"{path:70} p50 {row['p50_ms']:6.1f}  p95 {row['p95_ms']:6.1f} ms  ×{ratio:.0f}")
    return figures
