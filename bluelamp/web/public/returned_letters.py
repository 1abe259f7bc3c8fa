"""Takes GOV.UK Notify's news of letters that the post brought back."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.foundation.notifications.commands import system_actor
from bluelamp.foundation.notifications.returned_letters import (
    MAX_BODY_BYTES,
    receive_returned_letter,
)


# A program sends it, which has no cookie. The token that we chose stands for one.
@csrf_exempt
@require_POST
def returned_letter(request: HttpRequest) -> HttpResponse:
    """Note that a letter came back. Notify sends again what is not answered with 2xx."""
    length = request.headers.get("Content-Length", "0")
    if not (length.isascii() and length.isdigit()) or int(length) > MAX_BODY_BYTES:
        return HttpResponse(status=413)
    try:
        receive_returned_letter(
            actor=system_actor(settings.BLUELAMP_FORCE),
            at=now(),
            body=request.body,
            authorization=request.headers.get("Authorization", ""),
        )
    except NotPermitted:
        return HttpResponse(status=401)
    except Refused:
        return HttpResponse(status=400)
    return HttpResponse(status=204)
