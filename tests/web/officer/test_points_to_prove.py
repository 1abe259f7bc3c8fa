"""The officer app's points to prove are for offences that there are."""

import csv
import io
import json
import lzma
from pathlib import Path

import bluelamp.records.reference.data

POINTS = Path("officer-app/src/capture/points-to-prove.json")
DATA = Path(bluelamp.records.reference.data.__file__).parent


def test_it_works() -> None:
    text = lzma.decompress((DATA / "offences.csv.xz").read_bytes()).decode()
    codes = {row["cjs_code"] for row in csv.DictReader(io.StringIO(text))}
    groups = json.loads(POINTS.read_text(encoding="utf-8"))
    assert groups
    for group in groups:
        assert group["points"], group["name"]
        assert set(group["codes"]) <= codes, group["name"]
