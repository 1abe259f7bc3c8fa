"""The services that come with the program, from data/services.csv."""

import csv
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from bluelamp.services.requests.rules import Service

_FILE = Path(__file__).parent / "data" / "services.csv"
_FLAGS = ("is_soft", "is_quoted", "is_offered", "is_confirmed")


@lru_cache(maxsize=1)
def built_in_services() -> Mapping[str, Service]:
    """Return the services by their codes, in the order of the public page."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["code"]: _read_service(row) for row in rows}


def _read_service(row: dict[str, str]) -> Service:
    flags = {name: row.pop(name) == "1" for name in _FLAGS}
    added = tuple(row.pop("added_fee_codes").split())
    return Service(**row, added_fee_codes=added, **flags)  # type: ignore[arg-type]
