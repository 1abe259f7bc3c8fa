"""Holds requests and answers to GOV.UK Pay's published OpenAPI.

The published file says `nullable` as OpenAPI 3.0 does, and forbids no property that it does not
name. Here every object is closed, so that a misspelt property is found.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

CONTRACT_FILE = Path(__file__).parent / "contract" / "govuk_pay_openapi.json"
# Properties of an object of its own inside the file's object of that name: the file was made from
# a Java class, and the service takes and gives the bare pairs (its documentation, "Add metadata").
_OPEN_SCHEMAS = {"ExternalMetadata"}
_REQUEST_ERROR = {"$ref": "#/components/schemas/RequestError"}
# What its documentation says and its OpenAPI leaves out.
_UNDOCUMENTED_ANSWERS: dict[tuple[str, str, int], dict[str, Any]] = {
    # a key that was used before, with the same body and with another one
    ("post", "/v1/payments", 200): {"$ref": "#/components/schemas/CreatePaymentResult"},
    ("post", "/v1/payments", 409): _REQUEST_ERROR,
    # its firewall
    ("post", "/v1/payments", 403): _REQUEST_ERROR,
    ("get", "/v1/payments", 404): _REQUEST_ERROR,
    ("post", "/v1/payments/{paymentId}/refunds", 202): {"$ref": "#/components/schemas/Refund"},
    ("post", "/v1/payments/{paymentId}/refunds", 400): _REQUEST_ERROR,
    ("post", "/v1/payments/{paymentId}/refunds", 412): _REQUEST_ERROR,
    ("post", "/v1/payments/{paymentId}/refunds", 422): _REQUEST_ERROR,
    ("get", "/v1/refunds", 429): {"$ref": "#/components/schemas/ErrorResponse"},
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the contract: its method and path, and what the file says of it."""

    method: str
    path: str
    description: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a request that the contract does not allow; `field` is "" for the whole."""

    field: str
    is_missing: bool
    text: str


@cache
def read_contract() -> dict[str, Any]:
    """Return the published file."""
    contract: dict[str, Any] = json.loads(CONTRACT_FILE.read_text(encoding="utf-8"))
    return contract


@cache
def _schemas() -> dict[str, Any]:
    """Return the file's schemas as JSON Schemas that name every property there may be."""
    return {
        name: _to_json_schema(schema, is_closed=name not in _OPEN_SCHEMAS)
        for name, schema in read_contract()["components"]["schemas"].items()
    }


def find_operation(method: str, path: str) -> Operation | None:
    """Return the operation that a request is for; None where the contract has none."""
    for template, operations in read_contract()["paths"].items():
        pattern = re.sub(r"\{\w+\}", "[^/]+", template)
        if re.fullmatch(pattern, path) and method.lower() in operations:
            return Operation(method.lower(), template, operations[method.lower()])
    return None


def check_request(
    operation: Operation, *, query: Mapping[str, str], headers: Mapping[str, str], body: Any
) -> list[Fault]:
    """Return what is wrong with a request by the contract; `body` is None where there is none."""
    faults = []
    values = {"query": query, "header": headers}
    declared = operation.description.get("parameters", [])
    for parameter in declared:
        value = values.get(parameter["in"], {}).get(parameter["name"])
        if value is not None:
            problems = _problems(_to_json_schema(parameter["schema"], is_closed=True), value)
            faults += [Fault(parameter["name"], False, text) for _field, text in problems]
    names = {parameter["name"] for parameter in declared if parameter["in"] == "query"}
    faults += [Fault(name, False, "is not a parameter") for name in query if name not in names]
    content = operation.description.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    if schema is None:
        return faults
    resolved = _to_json_schema(schema, is_closed=True)
    missing = [name for name in _required(schema) if not isinstance(body, dict) or name not in body]
    faults += [Fault(name, True, "is missing") for name in missing]
    if not missing:
        faults += [Fault(field, False, text) for field, text in _problems(resolved, body)]
    return faults


def check_answer(operation: Operation, status: int, body: Any) -> list[str]:
    """Return what is wrong with an answer by the contract."""
    undocumented = _UNDOCUMENTED_ANSWERS.get((operation.method, operation.path, status))
    described = operation.description["responses"].get(str(status))
    if described is None and undocumented is None:
        return [f"{operation.method} {operation.path} does not answer {status}"]
    schema = undocumented
    if schema is None and described is not None:
        contents = list(described.get("content", {}).values())
        schema = contents[0].get("schema") if contents else None
    if not schema:
        # A 401 has a body, of which the file says nothing.
        return [] if body is None or status == 401 else [f"{status} has a body"]
    resolved = _to_json_schema(schema, is_closed=True)
    return [f"{field}: {text}" for field, text in _problems(resolved, body)]


def _problems(schema: dict[str, Any], value: Any) -> list[tuple[str, str]]:
    whole = {**schema, "components": {"schemas": _schemas()}}
    validator = jsonschema.Draft202012Validator(whole)
    return [
        (str(error.absolute_path[0]) if error.absolute_path else "", error.message[:200])
        for error in validator.iter_errors(value)
    ]


def _required(schema: Mapping[str, Any]) -> list[str]:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return list(read_contract()["components"]["schemas"][name].get("required", []))
    return list(schema.get("required", []))


def _to_json_schema(node: Any, *, is_closed: bool) -> Any:
    if isinstance(node, list):
        return [_to_json_schema(part, is_closed=is_closed) for part in node]
    if not isinstance(node, dict):
        return node
    made = {
        # `properties` is a map of names, not a schema: a property may be called "example".
        key: {name: _to_json_schema(part, is_closed=is_closed) for name, part in value.items()}
        if key == "properties"
        else _to_json_schema(value, is_closed=is_closed)
        for key, value in node.items()
        if key not in {"nullable", "example", "description"}
    }
    if node.get("nullable") is True and isinstance(node.get("type"), str):
        made["type"] = [node["type"], "null"]
    if not is_closed:
        return {"type": "object"}
    if "properties" in node:
        made.setdefault("additionalProperties", False)
    return made
