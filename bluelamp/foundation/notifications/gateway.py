"""GOV.UK Notify, by its published API and its own client. The only module that speaks to it."""

import threading
from typing import Any
from uuid import UUID

from django.conf import settings
from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

DEMO_KEY = "bluelamp_demo-b1a1e1a4-0000-4000-8000-00000000d3d0-b1a1e1a4-0000-4000-8000-5ec2e700d3d0"
TIMEOUT_SECONDS = 15

_templates: dict[tuple[str, str, str], str] = {}
_lock = threading.Lock()


class NotSetUp(Exception):
    """There is no message service: BLUELAMP_NOTIFY_URL or its key is missing."""


class NotSent(Exception):
    """The service did not take it. `status` is its HTTP status (503 when it could not be
    reached).
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


def send(
    *, kind: str, to: str, template: str, personalisation: dict[str, Any], reference: str
) -> UUID:
    """Hand one message over; returns Notify's id for it. Raises NotSetUp, NotSent.

    `reference` is ours; a message that Notify already has under it is not handed over again.
    """
    client = _client()
    try:
        known = client.get_all_notifications(reference=reference)["notifications"]
        if known:
            return UUID(known[0]["id"])
        template_id = _template_id(client, kind=kind, name=template)
        common = {
            "template_id": template_id,
            "personalisation": personalisation,
            "reference": reference,
        }
        answer = (
            client.send_email_notification(email_address=to, **common)
            if kind == "email"
            else client.send_sms_notification(phone_number=to, **common)
        )
        return UUID(answer["id"])
    except APIError as error:
        raise NotSent(error.status_code, _sentence(error)) from error


def status_of(*, notify_id: UUID) -> str:
    """How far a message got, in Notify's word for it. Raises NotSetUp, NotSent."""
    try:
        return str(_client().get_notification_by_id(str(notify_id))["status"])
    except APIError as error:
        raise NotSent(error.status_code, _sentence(error)) from error


def newest() -> list[dict[str, Any]]:
    """The newest 250 messages that the service has, for the demonstration. Raises NotSetUp,
    NotSent.
    """
    try:
        client = _client()
        names = {each["id"]: each["name"] for each in client.get_all_templates()["templates"]}
        messages: list[dict[str, Any]] = client.get_all_notifications()["notifications"]
        return [
            message | {"template_name": names.get(message["template"]["id"], "")}
            for message in messages
        ]
    except APIError as error:
        raise NotSent(error.status_code, _sentence(error)) from error


def _client() -> Any:
    """A client of its own each time: Notify's says that it is not safe to share between threads."""
    key = settings.BLUELAMP_NOTIFY_KEY or (DEMO_KEY if settings.BLUELAMP_DEMO else "")
    if not settings.BLUELAMP_NOTIFY_URL or not key:
        raise NotSetUp(
            "There is no message service: set BLUELAMP_NOTIFY_URL and BLUELAMP_NOTIFY_KEY."
        )
    return NotificationsAPIClient(  # type: ignore[no-untyped-call]
        key, base_url=settings.BLUELAMP_NOTIFY_URL, timeout=TIMEOUT_SECONDS
    )


def _template_id(client: Any, *, kind: str, name: str) -> str:
    """The id under which Notify holds the template of that name and kind, asked for once a
    process.
    """
    place = (settings.BLUELAMP_NOTIFY_URL, kind, name)
    with _lock:
        if place not in _templates:
            for each in client.get_all_templates(template_type=kind)["templates"]:
                _templates[settings.BLUELAMP_NOTIFY_URL, kind, each["name"]] = each["id"]
        if place not in _templates:
            raise NotSent(404, f"The message service has no {kind} template named {name}.")
        return _templates[place]


def _sentence(error: APIError) -> str:
    told = error.message
    if isinstance(told, list):
        return "; ".join(str(each.get("message", each)) for each in told)[:500]
    return str(told)[:500]
