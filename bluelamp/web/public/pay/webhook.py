"""Takes the signed messages of GOV.UK Pay."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.payments.commands import receive_webhook
from bluelamp.foundation.payments.commands.actors import system_actor
from bluelamp.foundation.payments.commands.webhooks import MAX_BODY_BYTES
from bluelamp.web.machine_posts import answer_machine_post


# A program sends it, which has no cookie. Its signature stands for the token.
@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Store a message, and answer at once; what it is about is asked for afterwards."""

    def receive(body: bytes) -> None:
        receive_webhook(
            actor=system_actor(settings.BLUELAMP_FORCE),
            at=now(),
            body=body,
            signature=request.headers.get("Pay-Signature", ""),
        )

    return answer_machine_post(request, receive, max_bytes=MAX_BODY_BYTES)
