"""One way to answer with a page: what every template may rely on is put in here and nowhere
else.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from bluelamp.web.actor import actor_of


def render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """The page `template` with `context`, and for every page: `actor`, `demo`, `path`, `errors`,
    `values`.

    `errors` maps a field to its sentence, `values` a field to what was typed; both are empty unless
    given. A page that carries errors and no other status answers 422, so that a client program can
    tell.
    """
    given = dict(context or {})
    if given.get("errors") and status == 200:
        status = 422
    shown = {
        "actor": actor_of(request),
        "demo": settings.BLUELAMP_DEMO,
        "path": request.path,
        "errors": {},
        "values": {},
        **given,
    }
    return HttpResponse(render_to_string(template, shown, request), status=status)
