"""Names on statements, beside the names on record. The officer app has the same vectors."""

import json
from pathlib import Path

import pytest

from bluelamp.casework.investigations.maker_names import compare_names

VECTORS = json.loads(Path("contracts/vectors/maker-names.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("maker_name", "name_on_record", "match"), VECTORS)
def test_it_works(maker_name: str, name_on_record: str, match: str) -> None:
    assert compare_names(maker_name, name_on_record) == match
