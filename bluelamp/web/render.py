"""The one way to answer with a page: it adds what every template may use."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from bluelamp.web.actor import get_actor
from bluelamp.web.draft_keys import draft_key


def render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """Return a page.

    Every template also has `actor`, `draft_key` (of somebody signed in), `demo`, `path`, `back`
    (where the Back link goes; none if it is empty), `errors` (the message for each field) and
    `values` (what was typed in each field).

    Args:
        request: The request.
        template: The name of the template.
        context: What the template needs.
        status: The HTTP status. A page with errors is answered 422 unless another one is given, so
            that a program can tell.
    """
    context = dict(context or {})
    # Every layout calls these two: a value of that name would break the page, and only that one.
    if shadowed := context.keys() & {"static", "url"}:
        raise ValueError(f"{template}: templates have a function named {sorted(shadowed)}")
    if context.get("errors") and status == 200:
        # Assistive technology and scripts can tell a refused form from a new one.
        status = 422
    actor = get_actor(request)
    context = {
        "actor": actor,
        "draft_key": draft_key(actor.id) if actor.id else None,
        "demo": settings.BLUELAMP_DEMO,
        "path": request.path,
        "back": "",
        "errors": {},
        "values": {},
        **context,
    }
    return HttpResponse(render_to_string(template, context, request), status=status)
