"""A form that is sent twice is done once: the second send leads to where the first one led.

Every page of forms has a token against forged requests, which Django masks anew for each form that
it draws. So the token and what was typed say whether two sends are the same form.
"""

import hashlib
import time
from collections.abc import Callable
from uuid import UUID

from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.middleware.csrf import CSRF_TOKEN_LENGTH

from bluelamp.foundation.kernel.errors import Conflict
from bluelamp.foundation.kernel.form_posts import (
    AlreadySent,
    find_location,
    forget_form_post,
    send_once,
    store_location,
)

_TOKEN = "csrfmiddlewaretoken"
# A second click comes while the first is still being answered: its page is known moments later.
_TRIES, _SECONDS_BETWEEN = 50, 0.1
_SENT = "You have sent this form already. Check whether it is done before you send it again."


def answer_once(request: HttpRequest, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Answer a form, or lead to where the same form led before.

    Args:
        request: The request.
        answer: The view, with its arguments.

    Raises:
        Conflict: The same form was sent before and is still not answered.
    """
    key = form_key(request)
    if key is None:
        return answer()
    for _send in range(2):
        try:
            return _answer_first(key, answer)
        except AlreadySent:
            # Where the first send led nowhere, as a form that had errors after its first command,
            # it is done anew.
            if location := _wait_for_location(key):
                return HttpResponseRedirect(location)
    raise Conflict(_SENT)


def form_key(request: HttpRequest) -> UUID | None:
    """Return the key of a form that a browser sends, None for anything else."""
    # Scripts save drafts over and over, and are answered with no page.
    is_page = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    # One that is not masked is the cookie's own, which a script sets after another tab signed in:
    # all forms of the browser have it, so it tells no two of them apart.
    is_masked = len(request.POST.get(_TOKEN, "")) == CSRF_TOKEN_LENGTH
    if request.method != "POST" or not is_page or not is_masked:
        return None
    digest = hashlib.sha256(request.get_full_path().encode("utf-8", "replace"))
    # All of it: whoever goes back, changes the form and sends it means something else.
    for name, values in sorted(request.POST.lists()):
        digest.update(repr((name, values)).encode("utf-8", "replace"))
    for name, files in sorted(request.FILES.lists()):
        digest.update(repr((name, [(file.name, file.size) for file in files])).encode())
    return UUID(bytes=digest.digest()[:16])


def _answer_first(key: UUID, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    with send_once(key) as send:
        location = ""
        try:
            response = answer()
            if response.status_code in {302, 303}:
                location = response.headers["Location"]
            return response
        finally:
            if send.is_recorded and location:
                store_location(key, location)
            elif send.is_recorded:
                forget_form_post(key)


def _wait_for_location(key: UUID) -> str | None:
    """Return where the first send led, None where it led nowhere.

    Raises:
        Conflict: It is still not answered. To run it again could do twice what it does.
    """
    for _try in range(_TRIES):
        location = find_location(key)
        if location != "":
            return location
        time.sleep(_SECONDS_BETWEEN)
    raise Conflict(_SENT)
