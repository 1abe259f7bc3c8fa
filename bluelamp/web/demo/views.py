"""The outbox: the messages that people would have received."""

from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.html import escape, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.notifications import gateway
from bluelamp.web.demo.stand_ins import is_notify_stand_in
from bluelamp.web.render import render

PAGE_SIZE = 50
_HEADING_MARK = "# "
_STATES = {
    "delivered": "delivered",
    "received": "delivered",
    "created": "sending",
    "sending": "sending",
}


class MessagePart(TypedDict):
    """A paragraph or a heading of a message, as HTML."""

    is_heading: bool
    html: SafeString


class MessageRow(TypedDict):
    """A message as the page shows it. `failure` says why it was not delivered, or is empty."""

    id: str
    at: datetime
    to: str
    kind: str
    is_text: bool
    is_letter: bool
    subject: str
    parts: list[MessagePart]
    state: str
    failure: str


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """Show the messages, the newest first.

    Raises:
        NotFound: It is not demo mode, or the message service is a real one.
    """
    if not settings.BLUELAMP_DEMO or not is_notify_stand_in():
        raise NotFound("There is no outbox here")
    problem = ""
    try:
        messages = gateway.list_newest_messages()
    except gateway.NotSent:
        messages = []
        problem = _("The stand-in for GOV.UK Notify is not running. Start it with “make run”.")
    page = Paginator(messages, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "total": len(messages),
        "messages": [_message_row(message) for message in page],
        "problem": problem,
    }
    return render(request, "demo/outbox.html.jinja", context)


@require_safe
def letter(request: HttpRequest, message_id: UUID) -> HttpResponse:
    """Show a letter as it would be printed.

    Raises:
        NotFound: It is not demo mode, or there is no such letter.
    """
    if not settings.BLUELAMP_DEMO or not is_notify_stand_in():
        raise NotFound("There is no outbox here")
    try:
        content = gateway.get_letter_pdf(notify_id=message_id)
    except gateway.NotSent:
        raise NotFound("There is no such letter") from None
    return HttpResponse(content, content_type="application/pdf")


def _kind_title(kind: str) -> str:
    return {"email": _("Email"), "sms": _("Text message"), "letter": _("Letter")}[kind]


def _message_row(message: dict[str, Any]) -> MessageRow:
    # Every other status of Notify is a failure of one kind or another.
    state = _STATES.get(message["status"], "not delivered")
    # Notify keeps the line ends of whoever wrote the template.
    paragraphs = message["body"].replace("\r\n", "\n").split("\n\n")
    failure = message["status"].replace("-", " ") if state == "not delivered" else ""
    return {
        "id": message["id"],
        "at": datetime.fromisoformat(message["created_at"]),
        "to": message["email_address"] or message["phone_number"] or _postal_address(message),
        "kind": _kind_title(message["type"]),
        "is_text": message["type"] == "sms",
        "is_letter": message["type"] == "letter",
        "subject": message["subject"] or "",
        "parts": [_message_part(text) for text in paragraphs if text.strip()],
        "state": state,
        "failure": failure.capitalize(),
    }


def _postal_address(message: dict[str, Any]) -> str:
    names = (*(f"line_{number}" for number in range(1, 7)), "postcode")
    return ", ".join(message[name] for name in names if message[name])


def _message_part(text: str) -> MessagePart:
    """Return a paragraph as HTML with links, or a heading if it is marked as Notify marks one."""
    is_heading = text.startswith(_HEADING_MARK)
    # Before the links are made: the message quotes what people typed.
    escaped = escape(text.removeprefix(_HEADING_MARK).strip())
    linked = urlize(escaped, nofollow=True)
    linked = linked.replace("<a ", '<a class="govuk-link" ').replace("\n", "<br>")
    return {"is_heading": is_heading, "html": mark_safe(linked)}  # noqa: S308  (escaped above)
