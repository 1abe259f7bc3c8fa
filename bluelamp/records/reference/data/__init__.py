"""The reference data that comes with the program, compressed; README.md says where each file is
from.

In: files made by `build.py` and three kept by hand. Out: `rows(name)`, each row a dictionary of
text. Must never hold personal data, a file over 200 kB, or a row without its source.
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


def rows(name: str) -> Iterator[dict[str, str]]:
    """Each row of `name.csv` or `name.csv.xz`, or of all its pieces `name-*.csv.xz` in order."""
    if (plain := FOLDER / f"{name}.csv").exists():
        with plain.open(encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines)
        return
    for piece in _pieces(name):
        with lzma.open(piece, "rt", encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines)


def force_areas() -> dict[str, list[list[list[tuple[float, float]]]]]:
    """Each territorial force's polygons of rings of (longitude, latitude), by its PNC code."""
    areas: dict[str, Any] = json.loads(
        lzma.decompress((FOLDER / "force_areas.json.xz").read_bytes())
    )
    return areas


def fingerprint(*names: str) -> str:
    """SHA-256 over the files of these names: the same data, the same fingerprint."""
    digest = hashlib.sha256()
    for name in names:
        for piece in _pieces(name):
            digest.update(piece.name.encode())
            digest.update(hashlib.sha256(piece.read_bytes()).digest())
    return digest.hexdigest()


def _pieces(name: str) -> list[Path]:
    one = [path for path in (FOLDER / f"{name}.csv", FOLDER / f"{name}.csv.xz") if path.exists()]
    pieces = one or sorted(FOLDER.glob(f"{name}-*.csv.xz"))
    if not pieces:
        raise FileNotFoundError(f"There is no reference data called {name!r} in {FOLDER}.")
    return pieces
