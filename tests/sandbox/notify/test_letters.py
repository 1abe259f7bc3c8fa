"""Letters at the stand-in: what it takes and answers is held to the published OpenAPI."""

import base64
from io import BytesIO
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from notifications_python_client.errors import HTTPError

from sandbox.notify import Notify
from tests.sandbox.notify.test_contract import (
    _as_json_schema,
    _branch,
    _holds,
    _template,
    client,
    notify,
    schemas,
)

__all__ = ["client", "notify", "schemas"]
PDF = b"%PDF-1.7\n% a letter\n%%EOF"
ADDRESS = {
    "address_line_1": "Grace Holloway",
    "address_line_2": "14 Choumert Road",
    "address_line_3": "SE15 4AA",
}
NEWS = {"reference": "FL/01/0000123/26", "force": "Met"}


def send(client: Any, **changes: str) -> Any:
    values = {name: text for name, text in (NEWS | ADDRESS | changes).items() if text}
    template = _template(client, "firearms-news", "letter")
    return client.send_letter_notification(template, values, reference="R-1")


def test_it_works(client: Any, schemas: dict[str, Any]) -> None:
    answer = send(client)
    _holds(answer, schemas["SendNormalLetterResponse"], schemas)
    letter = client.get_notification_by_id(answer["id"])
    _holds(letter, _branch(schemas["GetOneMessageResponse"], "letter"), schemas)
    assert (letter["status"], letter["line_1"], letter["postcode"]) == (
        "received",
        "Grace Holloway",
        "SE15 4AA",
    )
    assert "((" not in letter["body"]
    assert client.get_pdf_for_letter(answer["id"]).read().startswith(b"%PDF-")
    [listed] = client.get_all_notifications(template_type="letter")["notifications"]
    assert listed["id"] == answer["id"]


def test_our_requests_are_as_published(schemas: dict[str, Any]) -> None:
    """What the client that we use sends is what the published schema asks for."""
    values = NEWS | ADDRESS
    normal = {"template_id": "f33517ff-2a88-4f6e-b855-c550268ce08a", "personalisation": values}
    pdf = {"reference": "R", "content": base64.b64encode(PDF).decode(), "postage": "first"}
    for body, name in ((normal, "SendNormalLetterRequest"), (pdf, "SendPrecompiledLetterRequest")):
        schema = _as_json_schema(schemas[name])
        jsonschema.Draft202012Validator(schema).validate(body)
        assert set(body) <= set(schema["properties"])


def test_a_letter_that_is_a_pdf(client: Any, schemas: dict[str, Any]) -> None:
    answer = client.send_precompiled_letter_notification("R-2", BytesIO(PDF), "first")
    _holds(answer, schemas["SendPrecompiledLetterResponse"], schemas)
    assert client.get_notification_by_id(answer["id"])["postage"] == "first"
    assert client.get_pdf_for_letter(answer["id"]).read() == PDF


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"address_line_3": ""}, "Address must be at least 3 lines"),
        (
            {"address_line_3": "Peckham"},
            "Last line of address must be a real UK postcode or another country",
        ),
        (
            {"address_line_2": "@ home"},
            "Address lines must not start with any of the following characters:"
            " @ ( ) = [ ] ” \\ / , < >",
        ),
        (
            {"address_line_1": "-"},
            "The first 2 lines of the address must include alphanumeric characters",
        ),
        ({"address_line_2": "No fixed abode"}, "Must be a real address"),
        (
            {f"address_line_{number}": "Line" for number in range(3, 8)} | {"postcode": "SE15 4AA"},
            "Address must be no more than 7 lines",
        ),
    ],
)
def test_addresses_that_the_post_does_not_take(
    client: Any, schemas: dict[str, Any], changes: dict[str, str], message: str
) -> None:
    with pytest.raises(HTTPError) as refused:
        send(client, **changes)
    assert refused.value.status_code == 400
    answer = refused.value.response.json()  # type: ignore[union-attr]
    _holds(answer, schemas["SendNotificaitonRequestError"], schemas)
    assert answer["errors"] == [{"error": "ValidationError", "message": message}]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"content": "x"}, "reference is a required property"),
        ({"reference": "R", "content": "not base64!"}, "Letter content is not a valid PDF"),
        (
            {"reference": "R", "content": base64.b64encode(b"<html>").decode()},
            "Letter content is not a valid PDF",
        ),
        (
            {"reference": "R", "content": base64.b64encode(PDF).decode(), "postage": "third"},
            "postage invalid. It must be either first, second or economy.",
        ),
        (
            {"reference": "R", "content": base64.b64encode(PDF).decode(), "to": "Grace"},
            "Additional properties are not allowed (to was unexpected)",
        ),
        ({}, "template_id is a required property"),
    ],
)
def test_faults_are_worded_as_the_service_words_them(
    client: Any, body: dict[str, str], message: str
) -> None:
    with pytest.raises(HTTPError) as refused:
        client.post("/v2/notifications/letter", data=body)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("Perm Fail", "permanent-failure"),
        ("Tech Fail", "technical-failure"),
        ("Returned", "returned-letter"),
    ],
)
def test_letters_that_do_not_arrive(client: Any, name: str, status: str) -> None:
    answer = send(client, address_line_1=name)
    assert client.get_notification_by_id(answer["id"])["status"] == status


def test_a_pdf_of_what_is_none(client: Any, notify: Notify, tmp_path: Path) -> None:
    failed = send(client, address_line_1="Tech Fail")
    with pytest.raises(HTTPError, match="PDF not available for letters in technical-failure"):
        client.get_pdf_for_letter(failed["id"])
    code = {"code": "482913", "minutes": "15", "force": "Met"}
    sent = client.send_email_notification(
        "esi@example.com", _template(client, "one-time-code", "email"), code
    )
    with pytest.raises(HTTPError, match="Notification is not a letter"):
        client.get_pdf_for_letter(sent["id"])
