"""`bluelamp bench vetting`: new records against all holders of certificates.

A demonstration whose rows were copied until there are 100,000 certificates (`--scale 1`); then one
new report against all holders, 200 times, and 3,000 reports at once. An empty command, which does
nothing but its record in the audit log, is the raw limit of the same run.
"""

import json
import os
import statistics
import time
from collections.abc import Callable
from typing import Any

from bench.instance import temporary_instance
from bench.licensing_rows import multiply_licensing
from bluelamp.cli import prepare

CERTIFICATES, APPLICATIONS, RECORDS = 100_000, 20_000, 3_000
TIMES = 200
TARGET_ONE_MS, TARGET_ALL_SECONDS = 50, 10


def run(*, as_json: bool = False, scale: float = 1.0) -> dict[str, Any]:
    """Measure, print and return the figures; `missed` names the targets that were not met."""
    records = max(10, int(RECORDS * scale))
    with temporary_instance() as instance:
        rows = multiply_licensing(
            instance,
            certificates=int(CERTIFICATES * scale),
            applications=int(APPLICATIONS * scale),
            reports=records,
        )
        os.environ |= instance.env
        figures = {"rows": rows, **_measure(records)}
    figures["missed"] = [
        name
        for name, is_met in (
            ("one_p95_ms", figures["one_p95_ms"] < TARGET_ONE_MS),
            ("all_seconds", figures["all_seconds"] < TARGET_ALL_SECONDS),
        )
        if not is_met
    ]
    if as_json:
        print(json.dumps(figures))
    else:
        print(
            f"{rows['firearms_certificate']:,} certificates; one record p50"
            f" {figures['one_p50_ms']:.1f}, p95 {figures['one_p95_ms']:.1f} ms (an empty command"
            f" {figures['raw_p50_ms']:.1f}); {records:,} records {figures['all_seconds']:.1f} s,"
            f" {figures['matches']:,} matches"
        )
    return figures


def _measure(count: int) -> dict[str, Any]:
    prepare()
    from bluelamp.casework.reports.models import Report
    from bluelamp.foundation.kernel.actor import Actor
    from bluelamp.foundation.kernel.clock import now
    from bluelamp.services.firearms.commands.vetting import vet_records
    from bluelamp.services.firearms.rules.matching import RecordKind, VettingRecord

    actor = Actor.system("continuous vetting", force="01", permissions={"firearms.vet"})
    reports = Report.objects.order_by("id").values_list("id", "reference")[:count]
    records = [VettingRecord(RecordKind.REPORT, *report) for report in reports]
    raw = _milliseconds(lambda _record: vet_records(actor=actor, at=now(), records=[]), records)
    one = _milliseconds(
        lambda record: vet_records(actor=actor, at=now(), records=[record]), records
    )
    start = time.perf_counter()
    matches = vet_records(actor=actor, at=now(), records=records)
    seconds = time.perf_counter() - start
    return {
        "raw_p50_ms": round(statistics.median(raw), 2),
        "one_p50_ms": round(statistics.median(one), 2),
        "one_p95_ms": round(one[int(len(one) * 0.95) - 1], 2),
        "all_records": len(records),
        "all_seconds": round(seconds, 2),
        "matches": matches,
        "targets": {"one_p95_ms": TARGET_ONE_MS, "all_seconds": TARGET_ALL_SECONDS},
    }


def _milliseconds(measured: Callable[[Any], object], records: list[Any]) -> list[float]:
    """Return how long each of `TIMES` calls took, the shortest first."""
    times = []
    for index in range(TIMES):
        start = time.perf_counter()
        measured(records[index % len(records)])
        times.append((time.perf_counter() - start) * 1000)
    return sorted(times)
