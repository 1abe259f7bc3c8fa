"""Takes GOV.UK Notify's news of letters that the post brought back."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.notifications.commands import system_actor
from bluelamp.foundation.notifications.returned_letters import (
    MAX_BODY_BYTES,
    receive_returned_letter,
)
from bluelamp.web.machine_posts import answer_machine_post


# A program sends it, which has no cookie. The token that we chose stands for one.
@csrf_exempt
@require_POST
def returned_letter(request: HttpRequest) -> HttpResponse:
    """Note that a letter came back."""

    def receive(body: bytes) -> None:
        receive_returned_letter(
            actor=system_actor(settings.BLUELAMP_FORCE),
            at=now(),
            body=body,
            authorization=request.headers.get("Authorization", ""),
        )

    return answer_machine_post(request, receive, max_bytes=MAX_BODY_BYTES)
