"""The API: takes a request as HTTP has it, and returns the answer, each held to the contract."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sandbox.pay.contract_check import Operation, check_answer, check_request, find_operation
from sandbox.pay.service import Pay, Problem

# What its firewall refuses, by its documentation of P0920.
_FIREWALL = re.compile(r'[<>"|\\]')
_MAX_METADATA = 15
_FAILURE = {"code": "P0198", "description": "Downstream system error"}


class NoAnswer(Exception):
    """The connection broke, or there was none."""


def handle_request(
    pay: Pay, method: str, target: str, headers: Mapping[str, str], body: bytes
) -> tuple[int, Any]:
    """Return the status and the body of the answer; None for no body.

    Args:
        headers: By their names in lower case.
        target: The path with its query.

    Raises:
        NoAnswer: The stand-in was told to be unreachable, or to break the connection.
    """
    if pay.faults.is_down:
        raise NoAnswer
    parts = urlsplit(target)
    operation = find_operation(method, parts.path)
    with pay.lock:
        status, answer = _answer(pay, operation, method, parts.path, parts.query, headers, body)
        is_lost = pay.faults.take("cut_after") if status < 400 else False
        is_failed = pay.faults.take("fail_after") if status < 400 else False
    if is_lost:
        raise NoAnswer
    if is_failed:
        status, answer = 500, _FAILURE
    if operation and (faults := check_answer(operation, status, answer)):
        pay.violations += [f"answer to {method} {parts.path}: {fault}" for fault in faults]
        return 500, {"code": "P0198", "description": "; ".join(faults)[:500]}
    return status, answer


def _answer(
    pay: Pay,
    operation: Operation | None,
    method: str,
    path: str,
    query_text: str,
    headers: Mapping[str, str],
    body: bytes,
) -> tuple[int, Any]:
    if headers.get("authorization") != f"Bearer {pay.key}":
        return 401, {"code": 401, "message": "Credentials are required to access this resource"}
    if operation is None:
        return 404, {"code": 404, "message": "HTTP 404 Not Found"}
    if pay.faults.take("too_many"):
        return 429, {"code": "P0900", "description": "Too many requests"}
    if pay.faults.take("fail_before"):
        return 500, _FAILURE
    try:
        query = dict(parse_qsl(query_text, keep_blank_values=True))
        content = _read_body(method, headers, body, operation)
        _check(pay, operation, query, headers, content)
        return _perform(pay, operation, path, query, headers, content)
    except Problem as problem:
        return problem.status, problem.body


def _perform(
    pay: Pay,
    operation: Operation,
    path: str,
    query: dict[str, str],
    headers: Mapping[str, str],
    content: Any,
) -> tuple[int, Any]:
    ids = path.split("/")[3:]
    match operation.method, operation.path:
        case "post", "/v1/payments":
            return pay.create(content, headers.get("idempotency-key", ""))
        case "get", "/v1/payments":
            return 200, pay.search(query)
        case "get", "/v1/payments/{paymentId}":
            return 200, pay.show(ids[0])
        case "get", "/v1/payments/{paymentId}/events":
            return 200, pay.show_events(ids[0])
        case "post", "/v1/payments/{paymentId}/cancel":
            pay.cancel(ids[0])
            return 204, None
        case "post", "/v1/payments/{paymentId}/refunds":
            return 202, pay.refund(ids[0], content)
        case "get", "/v1/payments/{paymentId}/refunds":
            return 200, pay.show_refunds(ids[0])
        case "get", "/v1/payments/{paymentId}/refunds/{refundId}":
            return 200, pay.show_refund(ids[0], ids[2])
        case "get", "/v1/refunds":
            return 200, pay.search_refunds(query)
    raise Problem(404, "P0930", "The stand-in does not have this")


def _read_body(method: str, headers: Mapping[str, str], body: bytes, operation: Operation) -> Any:
    if method != "POST":
        return None
    if not headers.get("content-type", "").startswith("application/json"):
        raise Problem(403, "P0920", "Request blocked by firewall rules")
    if "requestBody" not in operation.description:
        return None
    try:
        return json.loads(body)
    except ValueError:
        code = "P0697" if operation.path.endswith("refunds") else "P0197"
        raise Problem(400, code, "Unable to parse JSON") from None


def _check(
    pay: Pay,
    operation: Operation,
    query: dict[str, str],
    headers: Mapping[str, str],
    content: Any,
) -> None:
    """Raise Problem where a request does not fit the contract, as the real service does."""
    named = {"Idempotency-Key": headers.get("idempotency-key")}
    present = {name: value for name, value in named.items() if value is not None}
    faults = check_request(operation, query=query, headers=present, body=content)
    pay.violations += [
        f"{operation.method} {operation.path}: {fault.field} {fault.text}" for fault in faults
    ]
    is_refund = operation.path.endswith("refunds")
    for fault in faults:
        if operation.method == "get":
            raise Problem(422, "P0401", f"Invalid parameters: {fault.field}")
        code = ("P0601" if is_refund else "P0101") if fault.is_missing else (
            "P0602" if is_refund else "P0102"
        )  # fmt: skip
        status = 400 if fault.is_missing else 422
        raise Problem(status, code, f"{fault.field} {fault.text}"[:300], field=fault.field)
    if isinstance(content, dict):
        _check_limits(content)


def _check_limits(content: dict[str, Any]) -> None:
    """Raise Problem for what its documentation forbids and its OpenAPI does not mention."""
    texts = [value for value in content.values() if isinstance(value, str)]
    if any(_FIREWALL.search(text) for text in texts):
        raise Problem(403, "P0920", "Request blocked by firewall rules")
    metadata = content.get("metadata", {})
    if len(metadata) > _MAX_METADATA or any(
        not 1 <= len(key) <= 30 or len(str(value)) > 100 for key, value in metadata.items()
    ):
        raise Problem(422, "P0102", "Invalid attribute value: metadata", field="metadata")
