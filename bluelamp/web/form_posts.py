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

from bluelamp.foundation.kernel.form_posts import (
    AlreadySent,
    find_location,
    send_once,
    store_location,
)

_TOKEN = "csrfmiddlewaretoken"
# A second click comes while the first is still being answered: its page is known moments later.
_TRIES, _SECONDS_BETWEEN = 20, 0.1


def answer_once(request: HttpRequest, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Answer a form, or lead to where the same form led before.

    Args:
        request: The request.
        answer: The view, with its arguments.
    """
    key = form_key(request)
    if key is None:
        return answer()
    try:
        with send_once(key):
            response = answer()
    except AlreadySent:
        location = _wait_for_location(key)
        # It led nowhere, as a form that had errors after its first command: it is done anew.
        return HttpResponseRedirect(location) if location else answer()
    if response.status_code in {302, 303}:
        store_location(key, response.headers["Location"])
    return response


def form_key(request: HttpRequest) -> UUID | None:
    """Return the key of a form that a browser sends, None for anything else."""
    # Scripts save drafts over and over, and are answered with no page.
    is_page = request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    if request.method != "POST" or not is_page or not request.POST.get(_TOKEN):
        return None
    digest = hashlib.sha256(request.path.encode())
    # All of it: whoever goes back, changes the form and sends it means something else.
    for name, values in sorted(request.POST.lists()):
        digest.update(repr((name, values)).encode("utf-8", "replace"))
    for name, files in sorted(request.FILES.lists()):
        digest.update(repr((name, [(file.name, file.size) for file in files])).encode())
    return UUID(bytes=digest.digest()[:16])


def _wait_for_location(key: UUID) -> str:
    for _try in range(_TRIES):
        if location := find_location(key):
            return location
        time.sleep(_SECONDS_BETWEEN)
    return ""
