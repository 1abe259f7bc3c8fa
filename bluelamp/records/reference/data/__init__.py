"""The reference data that comes with the program, compressed.

README.md says where each file is from. In: files made by `build.py` and three that are kept by
hand. Out: `read_rows(name)`, each row a dictionary of text. There is no personal data here, no
file over 200 kB, and no row without its source.
"""

from __future__ import annotations

import csv
import hashlib
import json
import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def read_rows(name: str) -> Iterator[dict[str, str]]:
    """Yield each row of `name.csv`, `name.csv.xz`, or its parts `name-1.csv.xz` and so on."""
    if (plain := FOLDER / f"{name}.csv").exists():
        with plain.open(encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines)
        return
    for path in _data_files(name):
        with lzma.open(path, "rt", encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines)


def read_force_areas() -> dict[str, list[list[list[tuple[float, float]]]]]:
    """Return each territorial force's polygons, by its PNC code: rings of (longitude, latitude)."""
    areas: dict[str, Any] = json.loads(
        lzma.decompress((FOLDER / "force_areas.json.xz").read_bytes())
    )
    return areas


def fingerprint(*names: str) -> str:
    """Return a SHA-256 over the files of these names: the same for the same data."""
    digest = hashlib.sha256()
    for name in names:
        for path in _data_files(name):
            digest.update(path.name.encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _data_files(name: str) -> list[Path]:
    whole = [path for path in (FOLDER / f"{name}.csv", FOLDER / f"{name}.csv.xz") if path.exists()]
    paths = whole or sorted(FOLDER.glob(f"{name}-*.csv.xz"))
    if not paths:
        raise FileNotFoundError(f"There is no reference data called {name!r} in {FOLDER}.")
    return paths
