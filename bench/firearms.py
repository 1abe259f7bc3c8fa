"""`bluelamp bench firearms`: the pages of licensing, requests and payments at full size.

A demonstration whose rows were copied until there are 100,000 certificates, 20,000 open
applications, 100,000 payments, 20,000 requests, notices and vetting tasks (`--scale 1`). Each page
is fetched 60 times by one visitor after a warm-up. `/healthz`, which touches nothing, is the raw
limit of the same run. Files that the desk downloads are no pages: their figures stand apart.
"""

import json
import time
from collections.abc import Iterator
from itertools import chain
from typing import Any

from bench.client import Client
from bench.holder_rows import add_holder_rows
from bench.instance import Instance, temporary_instance
from bench.licensing_rows import multiply_licensing
from bench.my_licences import holder_pages
from bench.page import measure_page
from bench.payment_rows import multiply_payments
from bench.visitors import linked_pages

CERTIFICATES, APPLICATIONS, REPORTS = 100_000, 20_000, 3_000
PAYMENTS, REQUESTS, NOTICES, VETTING_TASKS = 100_000, 20_000, 20_000, 20_000
TARGET_P95_MS = 150
_PUBLIC = ("/firearms/", "/firearms/performance/", "/firearms/my/", "/requests/")
# A page number past the end shows the last page.
_LAST = "page=99999"
_LICENSING = (
    "/desk/",
    "/desk/firearms/",
    "/desk/firearms/?page=400",
    f"/desk/firearms/?{_LAST}",
    "/desk/firearms/?stage=checks",
    f"/desk/firearms/?stage=issued&{_LAST}",
    "/desk/firearms/?risk=high",
    "/desk/firearms/?order=newest",
    "/desk/firearms/?order=stage-oldest",
    f"/desk/firearms/?order=stage-oldest&{_LAST}",
    "/desk/firearms/?own=yes",
    "/desk/firearms/?q=family77",
    "/desk/firearms/?q=given77",
    "/desk/firearms/vetting/",
    f"/desk/firearms/vetting/?{_LAST}",
    f"/desk/firearms/vetting/?state=decided&{_LAST}",
    "/desk/firearms/expiring/",
    f"/desk/firearms/expiring/?{_LAST}",
    "/desk/firearms/notices/",
    f"/desk/firearms/notices/?state=unmatched&{_LAST}",
    f"/desk/firearms/notices/?state=done&{_LAST}",
)
_PAYMENTS = (
    "/desk/payments/",
    f"/desk/payments/?{_LAST}",
    "/desk/payments/?state=due",
    "/desk/payments/?method=cash",
    "/desk/payments/?q=payer77@example.com",
    "/desk/payments/?from=2024-01-01&to=2024-12-31",
    "/desk/payments/refunds/",
    f"/desk/payments/refunds/?{_LAST}",
    "/desk/payments/differences/",
    f"/desk/payments/differences/?{_LAST}",
)
_REQUESTS = (
    "/desk/",
    "/desk/requests/",
    f"/desk/requests/?{_LAST}",
    f"/desk/requests/?state=delivered&{_LAST}",
)
# The manager, the enquiry officer who takes payments too, and the information officer.
_STAFF = {"nell": _LICENSING, "ike": (*_LICENSING, *_PAYMENTS), "dev": _REQUESTS}
_DOWNLOADS = {
    "nell": ("/desk/firearms/expiring/certificates.csv", "/desk/firearms/expiring/year.csv"),
    "ike": (
        "/desk/payments/exports/payments.csv",
        "/desk/payments/exports/ledger.csv?from=2020-01-01&to=2030-12-31",
    ),
}


def run(*, as_json: bool = False, scale: float = 1.0) -> dict[str, Any]:
    """Measure, print and return the figures; `missed` names the pages at or over 150 ms at p95."""
    with temporary_instance() as instance:
        rows = _fill(instance, scale)
        visitor = Client(instance.origin)
        raw = measure_page(visitor, "/healthz")
        pages = {path: measure_page(visitor, path) for path in _PUBLIC}
        for client, path in chain(_staff_pages(instance), _holders_pages(instance, rows)):
            pages[f"{path} ({client.name})"] = measure_page(client, path)
        downloads = _measure_downloads(instance)
    missed = [path for path, row in pages.items() if row["p95_ms"] >= TARGET_P95_MS]
    figures = {
        "rows": rows,
        "raw": raw,
        "pages": pages,
        "downloads": downloads,
        "target": TARGET_P95_MS,
        "missed": missed,
    }
    if as_json:
        print(json.dumps(figures))
    else:
        for path, row in pages.items():
            ratio = row["p50_ms"] / raw["p50_ms"]
            print(f"{path:70} p50 {row['p50_ms']:6.1f}  p95 {row['p95_ms']:6.1f} ms  ×{ratio:.0f}")
        for path, file in downloads.items():
            print(f"{path:70} {file['seconds']:6.2f} s  {file['bytes']:,} bytes")
    return figures


def _fill(instance: Instance, scale: float) -> dict[str, Any]:
    licensing = multiply_licensing(
        instance,
        certificates=int(CERTIFICATES * scale),
        applications=int(APPLICATIONS * scale),
        reports=int(REPORTS * scale),
    )
    payments = multiply_payments(
        instance, payments=int(PAYMENTS * scale), requests=int(REQUESTS * scale)
    )
    holders = add_holder_rows(
        instance, notices=int(NOTICES * scale), vetting_tasks=int(VETTING_TASKS * scale)
    )
    return {**licensing, **payments, **holders}


def _staff_pages(instance: Instance) -> Iterator[tuple[Client, str]]:
    for user_name, start_pages in _STAFF.items():
        client = Client(instance.origin)
        client.sign_in(user_name)
        yield from linked_pages(client, *start_pages)


def _holders_pages(instance: Instance, rows: dict[str, Any]) -> Iterator[tuple[Client, str]]:
    yield from holder_pages(instance.origin, rows["one"], "holder of 1")
    yield from holder_pages(instance.origin, rows["many"], "holder of 20")
    yield from holder_pages(instance.origin, rows["application"], "applicant with 12 payments")


def _measure_downloads(instance: Instance) -> dict[str, dict[str, Any]]:
    """Return how many bytes each file has, and how many seconds the quickest of three took."""
    downloads = {}
    for user_name, paths in _DOWNLOADS.items():
        client = Client(instance.origin)
        client.sign_in(user_name)
        for path in paths:
            seconds, size = [], 0
            for _ in range(3):
                start = time.perf_counter()
                status, body = client.get(path)
                seconds.append(time.perf_counter() - start)
                size = len(body)
                if status != 200:
                    raise RuntimeError(f"{path} answered {status}")
            downloads[path] = {"seconds": round(min(seconds), 2), "bytes": size}
    return downloads
