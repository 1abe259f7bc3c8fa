"""The vectors that the officer app is held to: the server hashes and reads the same bytes."""

import hashlib
import json
from pathlib import Path

import pytest

VECTORS = json.loads(
    (
        Path(__file__).resolve().parents[2] / "contracts" / "vectors" / "capture-hash.json"
    ).read_text()
)["vectors"]


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_it_works(vector: dict[str, str]) -> None:
    assert hashlib.sha256(vector["canonical"].encode()).hexdigest() == vector["sha256"]
    assert json.loads(vector["canonical"]) == vector["capture"]


@pytest.mark.parametrize("vector", VECTORS[:5], ids=[vector["name"] for vector in VECTORS[:5]])
def test_the_door_reads_it(vector: dict[str, str]) -> None:
    from bluelamp.web.officer.captures import CAPTURE

    read = CAPTURE.validate_json(vector["canonical"].encode())
    assert read.kind in {"crime", "statement", "item"}
    again = json.loads(read.model_dump_json(exclude_unset=True))
    assert again["body"].keys() == json.loads(vector["canonical"])["body"].keys()


def test_the_corners_of_json_are_no_capture() -> None:
    import pydantic

    from bluelamp.web.officer.captures import CAPTURE

    with pytest.raises(pydantic.ValidationError):
        CAPTURE.validate_json(VECTORS[5]["canonical"].encode())
