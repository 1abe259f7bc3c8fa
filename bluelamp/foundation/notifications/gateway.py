"""Sends messages through GOV.UK Notify, by its published API and its own client."""

import base64
import threading
from io import BytesIO
from typing import Any
from uuid import UUID

from django.conf import settings
from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from bluelamp.foundation.notifications.rules import ENGLISH, PRECOMPILED_LETTER, name_in

DEMO_KEY = "bluelamp_demo-b1a1e1a4-0000-4000-8000-00000000d3d0-b1a1e1a4-0000-4000-8000-5ec2e700d3d0"
TIMEOUT_SECONDS = 15

# By address of the service, kind and name of the template.
_template_ids: dict[tuple[str, str, str], str] = {}
_lock = threading.Lock()


class NotSetUp(Exception):
    """There is no message service: BLUELAMP_NOTIFY_URL or its key is missing."""


class NotSent(Exception):
    """The service did not take the request.

    `status` is the HTTP status of its answer, 503 when it could not be reached.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def send(
    *,
    kind: str,
    to: str,
    template: str,
    personalisation: dict[str, Any],
    reference: str,
    language: str = ENGLISH,
) -> UUID:
    """Send one message, and return Notify's id for it.

    Args:
        kind: "email", "sms" or "letter".
        to: The address; of a letter, a line of it on each line.
        template: The name of the template, the same here and at Notify.
        personalisation: The value of each placeholder.
        reference: Our own reference. A message that Notify already has under it is not sent again.
        language: Which of the template's languages to send.

    Raises:
        NotSetUp: There is no message service.
        NotSent: The service refused the message or could not be reached.
    """
    client = _client()
    try:
        # Notify does not refuse a second message under one reference: without looking first, a
        # retry after a crash would send it twice.
        existing = client.get_all_notifications(reference=reference)["notifications"]
        if existing:
            return UUID(existing[0]["id"])
        if template == PRECOMPILED_LETTER:
            content = BytesIO(base64.b64decode(personalisation["content"]))
            answer = client.send_precompiled_letter_notification(reference, content, "first")
            return UUID(answer["id"])
        template_id = _template_id(client, kind=kind, template=template, language=language)
        common = {
            "template_id": template_id,
            "personalisation": personalisation,
            "reference": reference,
        }
        if kind == "letter":
            lines = enumerate(to.split("\n"), start=1)
            address = {f"address_line_{number}": line for number, line in lines}
            common["personalisation"] = personalisation | address
            answer = client.send_letter_notification(**common)
        elif kind == "email":
            answer = client.send_email_notification(email_address=to, **common)
        else:
            answer = client.send_sms_notification(phone_number=to, **common)
        return UUID(answer["id"])
    except APIError as error:
        raise NotSent(error.status_code, _error_text(error)) from error


def get_status(*, notify_id: UUID) -> str:
    """Return the status of a message in Notify's own words, as "delivered".

    Raises:
        NotSetUp: There is no message service.
        NotSent: The service refused the request or could not be reached.
    """
    try:
        return str(_client().get_notification_by_id(str(notify_id))["status"])
    except APIError as error:
        raise NotSent(error.status_code, _error_text(error)) from error


def get_letter_pdf(*, notify_id: UUID) -> bytes:
    """Return a letter as it is printed, for the demonstration.

    Raises:
        NotSetUp: There is no message service.
        NotSent: There is no such letter, or the service could not be reached.
    """
    try:
        return bytes(_client().get_pdf_for_letter(str(notify_id)).read())
    except APIError as error:
        raise NotSent(error.status_code, _error_text(error)) from error


def list_newest_messages() -> list[dict[str, Any]]:
    """Return the newest 250 messages that the service has, for the demonstration.

    Raises:
        NotSetUp: There is no message service.
        NotSent: The service refused the request or could not be reached.
    """
    try:
        client = _client()
        templates = client.get_all_templates()["templates"]
        names = {template["id"]: template["name"] for template in templates}
        messages: list[dict[str, Any]] = client.get_all_notifications()["notifications"]
        return [
            message | {"template_name": names.get(message["template"]["id"], "")}
            for message in messages
        ]
    except APIError as error:
        raise NotSent(error.status_code, _error_text(error)) from error


def _client() -> Any:
    """Return a new client: Notify's documentation says not to share one between threads."""
    key = settings.BLUELAMP_NOTIFY_KEY or (DEMO_KEY if settings.BLUELAMP_DEMO else "")
    if not settings.BLUELAMP_NOTIFY_URL or not key:
        raise NotSetUp(
            "There is no message service: set BLUELAMP_NOTIFY_URL and BLUELAMP_NOTIFY_KEY."
        )
    client: Any = NotificationsAPIClient(  # type: ignore[no-untyped-call]
        key, base_url=settings.BLUELAMP_NOTIFY_URL, timeout=TIMEOUT_SECONDS
    )
    # Messages and our token go to the address of the settings and to no other.
    client.request_session.max_redirects = 0
    return client


def _template_id(client: Any, *, kind: str, template: str, language: str) -> str:
    """Return Notify's id for a template in a language. Each process asks for it once.

    English where the force has written no Welsh one at Notify: better than no message.
    """
    url, name = settings.BLUELAMP_NOTIFY_URL, name_in(template, language)
    with _lock:
        # By the address too: a test or an operator may change the service under a running process.
        if (url, kind, name) not in _template_ids:
            for row in client.get_all_templates(template_type=kind)["templates"]:
                _template_ids[url, kind, row["name"]] = row["id"]
        if (url, kind, name) not in _template_ids:
            name = template
        if (url, kind, name) not in _template_ids:
            raise NotSent(404, f"The message service has no {kind} template named {name}.")
        return _template_ids[url, kind, name]


def _error_text(error: APIError) -> str:
    """Return what Notify said was wrong. It answers with a list of faults, or a plain text."""
    faults = error.message
    if isinstance(faults, list):
        return "; ".join(str(fault.get("message", fault)) for fault in faults)[:500]
    return str(faults)[:500]
