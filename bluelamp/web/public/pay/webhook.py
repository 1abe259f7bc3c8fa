"""Takes the signed messages of GOV.UK Pay."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotPermitted, Refused
from bluelamp.foundation.payments.commands import receive_webhook
from bluelamp.foundation.payments.commands.actors import system_actor
from bluelamp.foundation.payments.commands.webhooks import MAX_BODY_BYTES


# A program sends it, which has no cookie. Its signature stands for the token.
@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Store a message, and answer at once; what it is about is asked for afterwards."""
    length = request.headers.get("Content-Length", "0")
    if not (length.isascii() and length.isdigit()) or int(length) > MAX_BODY_BYTES:
        return HttpResponse(status=413)
    try:
        receive_webhook(
            actor=system_actor(settings.BLUELAMP_FORCE),
            at=now(),
            body=request.body,
            signature=request.headers.get("Pay-Signature", ""),
        )
    except NotPermitted:
        return HttpResponse(status=401)
    except Refused:
        return HttpResponse(status=400)
    return HttpResponse(status=204)
