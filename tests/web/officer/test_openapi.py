"""The API's published description: a snapshot that only changes when somebody means it to."""

import json
import os
from pathlib import Path
from typing import Any

from django.test import Client

from tests.web.officer.device import API

SNAPSHOT = Path(__file__).resolve().parents[3] / "contracts" / "api-officer-v1.openapi.json"


def _published_description() -> dict[str, Any]:
    published: dict[str, Any] = json.loads(Client().get(f"{API}/openapi.json").content)
    return published


def test_it_works(db: None) -> None:
    text = json.dumps(_published_description(), indent=2, ensure_ascii=False) + "\n"
    if os.environ.get("BLUELAMP_WRITE_SNAPSHOTS"):
        SNAPSHOT.write_text(text)
    assert SNAPSHOT.read_text() == text, (
        "run this with BLUELAMP_WRITE_SNAPSHOTS=1 if the change is meant"
    )


def test_every_response_is_described(db: None) -> None:
    paths = _published_description()["paths"].values()
    operations = [operation for path in paths for operation in path.values()]
    assert len(operations) == 23
    for operation in operations:
        assert {"401", "403", "404"} <= set(operation["responses"])
        for status, response in operation["responses"].items():
            if status == "204":
                assert "content" not in response, operation["operationId"]
                continue
            media_type = "application/problem+json" if int(status) >= 400 else "application/json"
            assert list(response["content"]) == [media_type], (operation["operationId"], status)
