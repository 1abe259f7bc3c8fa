"""The API follows its own description: a snapshot of it, and requests made by schemathesis."""

import json
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from bluelamp.demo import cast
from tests.cast import browser

pytestmark = pytest.mark.django_db
SNAPSHOT = Path(__file__).resolve().parents[3] / "contracts" / "api-v1.openapi.json"
BOUNDED = settings(
    max_examples=20,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
OPERATIONS = [
    ("POST", "/api/v1/reports"),
    ("GET", "/api/v1/case-files"),
    ("GET", "/api/v1/case-files/{urn}"),
    ("GET", "/api/v1/case-files/{urn}/package"),
]


@pytest.fixture
def published() -> dict[str, Any]:
    """The API's description, which anybody may read."""
    answer = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    return dict(answer.json())


@pytest.fixture
def app() -> Iterator[WSGIHandler]:
    """The pages as a WSGI application on the test's own connection.

    Django would close the connection after each request.
    """
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # there are no collected static files in a test
        handler = WSGIHandler()
    yield handler
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


def test_it_works(published: dict[str, Any]) -> None:
    """To accept a change, run this with BLUELAMP_WRITE_SNAPSHOTS=1, and note it in CHANGELOG.md."""
    if os.environ.get("BLUELAMP_WRITE_SNAPSHOTS"):
        text = json.dumps(published, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        SNAPSHOT.write_text(text, encoding="utf-8")
    assert published == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=[f"{m} {p}" for m, p in OPERATIONS])
def test_responses_follow_the_description(
    published: dict[str, Any], app: WSGIHandler, method: str, path: str
) -> None:
    schema = schemathesis.openapi.from_dict(published)
    schema.app = app
    operation = schema[path][method]
    cases: st.SearchStrategy[schemathesis.Case] = operation.as_strategy(
        generation_mode=GenerationMode.POSITIVE
    )
    try:
        cases |= operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    except ValueError:
        pass  # nothing can be asked wrongly
    hana = browser(cast.HANA)
    session = {morsel.key: morsel.value for morsel in hana.cookies.values()}

    @BOUNDED
    @given(case=cases, is_signed_in=st.booleans())
    def ask(case: schemathesis.Case, is_signed_in: bool) -> None:
        case.cookies = session if is_signed_in else {}
        response = case.call()
        assert response.status_code < 500, response.content
        if response.status_code != 404:  # a path that the address cannot hold is nobody's operation
            case.validate_response(response, checks=[
                schemathesis.checks.CHECKS.get_one("status_code_conformance"),
                schemathesis.checks.CHECKS.get_one("content_type_conformance"),
                schemathesis.checks.CHECKS.get_one("response_schema_conformance"),
            ])  # fmt: skip

    ask()
