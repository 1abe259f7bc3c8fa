"""The stand-in's answers, asked for by Notify's own client and held to the published OpenAPI."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import jsonschema
import jwt
import pytest
import requests
from notifications_python_client.errors import HTTPError
from notifications_python_client.notifications import NotificationsAPIClient

from bluelamp.foundation.notifications import gateway
from sandbox.__main__ import TEMPLATES
from sandbox.notify import DEMO_KEY, Notify, make_server
from sandbox.notify.service import SECRET, SERVICE_ID

CODE = {"code": "482913", "minutes": "15", "force": "Metropolitan Police"}


@pytest.fixture
def notify(tmp_path: Path) -> Iterator[Notify]:
    service = Notify(tmp_path, templates=TEMPLATES)
    server = make_server(service)
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    ).start()
    yield service
    server.shutdown()
    server.server_close()


@pytest.fixture
def client(notify: Notify) -> Any:
    return NotificationsAPIClient(DEMO_KEY, base_url=notify.address)  # type: ignore[no-untyped-call]


@pytest.fixture(scope="session")
def schemas(shared_data: Path) -> dict[str, Any]:
    path = shared_data.parent / "reference" / "govuk_notify_openapi" / "schema.json"
    if not path.exists():
        pytest.skip(f"SKIPPED FOR WANT OF THE PUBLISHED CONTRACT: {path} is not there")
    return dict(json.loads(path.read_text(encoding="utf-8"))["components"]["schemas"])


def _holds(answer: Any, schema: dict[str, Any], schemas: dict[str, Any]) -> None:
    """Validate, with every property of the schema present: the published one marks none as
    required.
    """
    strict = json.loads(
        json.dumps({**_as_json_schema(schema), "components": {"schemas": _as_json_schema(schemas)}})
    )
    jsonschema.Draft202012Validator(strict).validate(answer)
    assert set(schema["properties"]) <= set(answer) | {"sanitised_content", "personalisation"}


def _as_json_schema(node: Any) -> Any:
    """OpenAPI 3.0 says `nullable`; JSON Schema says it as a type."""
    if isinstance(node, list):
        return [_as_json_schema(each) for each in node]
    if not isinstance(node, dict):
        return node
    made = {
        key: _as_json_schema(value)
        for key, value in node.items()
        if key not in {"nullable", "example"}
    }
    if node.get("nullable") is True and isinstance(node.get("type"), str):
        made["type"] = [node["type"], "null"]
        if "enum" in made:
            made["enum"] = [*made["enum"], None]
    return made


def _branch(schema: dict[str, Any], title: str) -> dict[str, Any]:
    return dict(next(each for each in schema["oneOf"] if each["title"] == title))


def _template(client: Any, name: str, kind: str) -> str:
    found = client.get_all_templates(template_type=kind)["templates"]
    return str(next(each["id"] for each in found if each["name"] == name))


def test_it_works(client: Any, schemas: dict[str, Any]) -> None:
    sent = client.send_email_notification(
        email_address="esi@example.com",
        template_id=_template(client, "one-time-code", "email"),
        personalisation=CODE,
        reference="R-1",
    )
    _holds(sent, schemas["SendEmailResponse"], schemas)
    assert sent["content"]["subject"] == "Your code is 482913"
    assert "((" not in sent["content"]["body"]
    one = client.get_notification_by_id(sent["id"])
    _holds(one, _branch(schemas["GetOneMessageResponse"], "email"), schemas)
    assert (one["status"], one["email_address"], one["reference"]) == (
        "delivered",
        "esi@example.com",
        "R-1",
    )


def test_a_text(client: Any, schemas: dict[str, Any]) -> None:
    sent = client.send_sms_notification(
        phone_number="+44 7700 900123",
        template_id=_template(client, "one-time-code", "sms"),
        personalisation=CODE,
    )
    _holds(
        sent,
        schemas["SendTextMessageResponse"] | {"properties": _nullable_reference(schemas)},
        schemas,
    )
    one = client.get_notification_by_id(sent["id"])
    _holds(one, _branch(schemas["GetOneMessageResponse"], "sms"), schemas)


def _nullable_reference(schemas: dict[str, Any]) -> dict[str, Any]:
    """The published schema forgets that a message sent without a reference answers with null."""
    properties: dict[str, Any] = dict(schemas["SendTextMessageResponse"]["properties"])
    return properties | {"reference": {"type": "string", "nullable": True}}


def test_lists_and_templates(client: Any, schemas: dict[str, Any]) -> None:
    template = _template(client, "one-time-code", "email")
    for number in range(3):
        client.send_email_notification("esi@example.com", template, CODE, reference=f"R-{number}")
    listed = client.get_all_notifications()
    assert [each["reference"] for each in listed["notifications"]] == ["R-2", "R-1", "R-0"]
    assert set(schemas["GetMultipleMessagesResponse"]["properties"]) == set(listed)
    older = client.get_all_notifications(older_than=listed["notifications"][0]["id"])
    assert [each["reference"] for each in older["notifications"]] == ["R-1", "R-0"]
    assert len(client.get_all_notifications(reference="R-1")["notifications"]) == 1
    assert client.get_all_notifications(template_type="sms")["notifications"] == []
    one = client.get_template(template)
    _holds(one, _branch(schemas["TemplateResponse"], "email"), schemas)
    seen = client.post_template_preview(template, CODE)
    _holds(seen, schemas["TemplatePreviewResponse"], schemas)


@pytest.mark.parametrize(
    ("to", "status"),
    [
        ("esi@example.com", "delivered"),
        ("temp-fail@simulator.notify", "temporary-failure"),
        ("perm-fail@simulator.notify", "permanent-failure"),
    ],
)
def test_addresses_that_fail(client: Any, to: str, status: str) -> None:
    sent = client.send_email_notification(to, _template(client, "one-time-code", "email"), CODE)
    assert client.get_notification_by_id(sent["id"])["status"] == status


@pytest.mark.parametrize(
    ("body", "error", "message"),
    [
        ({}, "ValidationError", "email_address is a required property"),
        ({"email_address": "esi"}, "ValidationError", "template_id is a required property"),
        (
            {"email_address": "a@b.c", "template_id": "x"},
            "ValidationError",
            "template_id is not a valid UUID",
        ),
        (
            {"email_address": "a@b.c", "template_id": str(uuid4())},
            "BadRequestError",
            "Template not found",
        ),
        (
            {"email_address": "a@b.c", "template_id": str(uuid4()), "x": 1},
            "ValidationError",
            "Additional properties are not allowed (x was unexpected)",
        ),
        ([], "ValidationError", "Invalid JSON supplied in POST data"),
    ],
)
def test_bad_input(
    client: Any, schemas: dict[str, Any], body: Any, error: str, message: str
) -> None:
    with pytest.raises(HTTPError) as refused:
        client.post("/v2/notifications/email", data=body)
    answer = refused.value.response.json()  # type: ignore[union-attr]
    assert refused.value.status_code == 400
    _holds(answer, schemas["SendNotificaitonRequestError"], schemas)
    assert {"error": error, "message": message} in answer["errors"]


def test_missing_personalisation_and_wrong_kind(client: Any) -> None:
    with pytest.raises(HTTPError, match="Missing personalisation: code, minutes, force"):
        client.send_email_notification("a@b.c", _template(client, "one-time-code", "email"))
    with pytest.raises(HTTPError, match="email template is not suitable for sms notification"):
        client.send_sms_notification(
            "07700900123", _template(client, "one-time-code", "email"), CODE
        )
    with pytest.raises(HTTPError, match="Not enough digits"):
        client.send_sms_notification("0770090", _template(client, "one-time-code", "sms"), CODE)


def test_unknown_and_malformed_ids(client: Any, schemas: dict[str, Any]) -> None:
    with pytest.raises(HTTPError) as absent:
        client.get_notification_by_id(str(uuid4()))
    assert absent.value.status_code == 404
    _holds(absent.value.response.json(), schemas["GetMessageNoResultFoundError"], schemas)  # type: ignore[union-attr]
    with pytest.raises(HTTPError, match="id is not a valid UUID"):
        client.get_notification_by_id("elephant")
    with pytest.raises(HTTPError, match="status elephant is not one of"):
        client.get_all_notifications(status="elephant")


def _token(**claims: Any) -> str:
    return jwt.encode(
        {"iss": SERVICE_ID, "iat": int(time.time())} | claims, SECRET, algorithm="HS256"
    )


@pytest.mark.parametrize(
    ("header", "status", "message"),
    [
        (None, 401, "Unauthorized: authentication token must be provided"),
        ("Basic abc", 401, "Unauthorized: authentication bearer scheme must be used"),
        ("Bearer abc", 403, "Invalid token: signature, api token is not valid"),
        (f"Bearer {_token(iss=str(uuid4()))}", 403, "Invalid token: service not found"),
        (
            f"Bearer {_token(iat=1568818578)}",
            403,
            "Error: Your system clock must be accurate to within 30 seconds",
        ),
        (
            f"Bearer {jwt.encode({'iss': SERVICE_ID, 'iat': int(time.time())}, 'x' * 36)}",
            403,
            "Invalid token: API key not found",
        ),
    ],
)
def test_tokens_are_checked(
    notify: Notify, schemas: dict[str, Any], header: str | None, status: int, message: str
) -> None:
    headers = {"Authorization": header} if header else {}
    answer = requests.get(f"{notify.address}/v2/notifications", headers=headers, timeout=5)
    assert answer.status_code == status
    _holds(answer.json(), schemas["AuthError"], schemas)
    assert answer.json()["errors"][0]["message"] == message


def test_too_many_requests(client: Any, notify: Notify, schemas: dict[str, Any]) -> None:
    notify.rate = 1
    client.get_all_templates()
    with pytest.raises(HTTPError) as refused:
        client.get_all_templates()
    assert refused.value.status_code == 429
    _holds(refused.value.response.json(), schemas["LimitError"], schemas)  # type: ignore[union-attr]


def test_messages_outlive_a_restart(client: Any, tmp_path: Path) -> None:
    client.send_email_notification(
        "a@b.c", _template(client, "one-time-code", "email"), CODE, reference="R-9"
    )
    with (tmp_path / "messages.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": "cut off in the mid')
    again = Notify(tmp_path, templates=TEMPLATES)
    assert [each["reference"] for each in again.messages({})["notifications"]] == ["R-9"]


def test_the_program_and_the_stand_in_know_the_same_key() -> None:
    assert gateway.DEMO_KEY == DEMO_KEY
