"""The API under generated requests: never a 500, and every response is in its description."""

import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from bluelamp.foundation.kernel.ids import new_id
from tests.web.officer.device import API, Device, sha256

BOUNDED = settings(
    max_examples=30,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
OPERATIONS = [
    ("GET", "/me"),
    ("POST", "/leases"),
    ("GET", "/offences"),
    ("GET", "/places"),
    ("GET", "/crimes/mine"),
    ("PUT", "/captures/{capture_id}"),
    ("POST", "/upload-tokens"),
    ("GET", "/items/{item_id}/receipt"),
]


@pytest.fixture
def published(db: None) -> dict[str, Any]:
    """The API's own description, which anybody may read."""
    read: dict[str, Any] = json.loads(Client().get(f"{API}/openapi.json").content)
    return read


def _cases(
    published: dict[str, Any], method: str, path: str
) -> tuple[dict[str, Any], st.SearchStrategy[schemathesis.Case]]:
    """Return an operation's description, and requests that follow it or do not."""
    operation = schemathesis.openapi.from_dict(published)[API + path][method]
    right = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    try:
        cases = right | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
    except ValueError:
        cases = right
    return published["paths"][API + path][method.lower()], cases


def _send(device: Device, case: schemathesis.Case, *, is_sealed: bool) -> Any:
    path = case.formatted_path
    headers = {name: str(value) for name, value in (case.headers or {}).items()} | device.token
    body: dict[str, Any] = {}
    if case.method in {"POST", "PUT"}:
        raw = case.body if isinstance(case.body, bytes) else _json(case.body)
        body = {"data": raw, "content_type": "application/json"}
        if is_sealed:
            headers["X-Content-SHA256"] = sha256(raw)
    query = {name: str(value) for name, value in (case.query or {}).items()}
    ask: Callable[..., Any] = getattr(device.client, case.method.lower())
    return ask(path, query_params=query, headers=headers, **body)


def _json(body: Any) -> bytes:
    return json.dumps(body, default=str).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(("method", "path"), OPERATIONS, ids=[f"{m} {p}" for m, p in OPERATIONS])
def test_it_works(device: Device, published: dict[str, Any], method: str, path: str) -> None:
    described, cases = _cases(published, method, path)

    @BOUNDED
    @given(case=cases, is_sealed=st.booleans())
    def holds(case: schemathesis.Case, is_sealed: bool) -> None:
        _conforms(published, described, _send(device, case, is_sealed=is_sealed))

    holds()


@pytest.mark.parametrize("kind", ["crime", "statement", "item"])
def test_a_capture_with_one_generated_field(
    device: Device, published: dict[str, Any], kind: str
) -> None:
    """A capture that would be accepted, with one of its fields replaced by any JSON at all."""
    crime = device.crime()
    assert device.put(crime).status_code == 201
    whole = {
        "crime": device.crime,
        "statement": lambda: device.statement(crime),
        "item": lambda: device.item(crime, b"x"),
    }
    described = published["paths"][f"{API}/captures/{{capture_id}}"]["put"]
    anything = st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text(max_size=30)
        | st.datetimes().map(str),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
        ),
        max_leaves=5,
    )
    sample = whole[kind]()
    names = [
        *((outer,) for outer in sample),
        *(("body", name) for name in sample["body"]),
        *(
            ("body", outer, name)
            for outer, value in sample["body"].items()
            if isinstance(value, dict)
            for name in value
        ),
    ]

    @BOUNDED
    @given(name=st.sampled_from(names), value=anything)
    def holds(name: tuple[str, ...], value: Any) -> None:
        fresh = str(new_id())
        capture = json.loads(json.dumps(sample))
        capture["id"] = capture["body"][f"{kind}_id"] = fresh
        inside = capture
        for step in name[:-1]:
            inside = inside[step]
        inside[name[-1]] = value
        _conforms(published, described, device.put_bytes(fresh, _json(capture)))

    holds()


def _conforms(published: dict[str, Any], described: dict[str, Any], answer: Any) -> None:
    """Check a response against the description of its operation."""
    assert answer.status_code < 500, answer.content
    if answer.status_code == 405 or answer.status_code not in {
        int(s) for s in described["responses"]
    }:
        raise AssertionError(f"{answer.status_code} is not described: {answer.content!r}")
    ((media_type, content),) = described["responses"][str(answer.status_code)]["content"].items()
    assert answer["Content-Type"].partition(";")[0] == media_type
    whole = {**content["schema"], "components": published["components"]}
    jsonschema.validate(answer.json(), whole)
