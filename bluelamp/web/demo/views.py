"""The outbox: what would have reached people's phones and inboxes."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.html import escape, urlize
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.notifications import gateway
from bluelamp.web.render import render

A_PAGE = 50
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """The newest messages, newest first. Raises NotFound outside demo mode or where the service is
    a real one.
    """
    if not settings.BLUELAMP_DEMO or not _is_stand_in():
        raise NotFound("There is no outbox here.")
    problem = ""
    try:
        newest = gateway.newest()
    except gateway.NotSent:
        newest, problem = (
            [],
            "The stand-in for GOV.UK Notify does not answer. Start it with make run.",
        )
    page = Paginator(newest, A_PAGE).get_page(request.GET.get("page"))
    shown = {"pager": page, "total": len(newest), "messages": [_shown(each) for each in page]}
    return render(request, "demo/outbox.html.jinja", shown | {"problem": problem})


def _is_stand_in() -> bool:
    """Whether messages go to this machine itself, with the key that only the stand-in knows."""
    key = settings.BLUELAMP_NOTIFY_KEY or gateway.DEMO_KEY
    return urlsplit(settings.BLUELAMP_NOTIFY_URL).hostname in LOOPBACK and key == gateway.DEMO_KEY


def _shown(message: dict[str, Any]) -> dict[str, Any]:
    state = {"delivered": "delivered", "created": "sending", "sending": "sending"}.get(
        message["status"], "not delivered"
    )
    return {
        "to": message["email_address"] or message["phone_number"],
        "kind": "E-mail" if message["type"] == "email" else "Text message",
        "is_text": message["type"] == "sms",
        "subject": message["subject"],
        "parts": [
            _part(part)
            for part in message["body"].replace("\r\n", "\n").split("\n\n")
            if part.strip()
        ],
        "at": datetime.fromisoformat(message["created_at"]),
        "state": state,
        "why": message["status"].replace("-", " ") if state == "not delivered" else "",
        "id": message["id"],
    }


def _part(text: str) -> dict[str, Any]:
    """A paragraph or, marked as Notify marks one, a heading; addresses in it are links."""
    is_heading = text.startswith("# ")
    words = escape(text.removeprefix("# ").strip())
    linked = (
        urlize(words, nofollow=True).replace("<a ", '<a class="govuk-link" ').replace("\n", "<br>")
    )
    return {"is_heading": is_heading, "html": mark_safe(linked)}  # noqa: S308  (escaped above)
