"""A passkey ceremony between two requests: begun in one, checked once in the other."""

import json
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, JsonResponse

from bluelamp.foundation.accounts.passkeys import CEREMONY_PERIOD, MAX_CREDENTIAL_LENGTH, Ceremony
from bluelamp.foundation.kernel.errors import NotPermitted

_STORED = "ceremony"


def options_response(
    request: HttpRequest, options: dict[str, Any], ceremony: Ceremony
) -> JsonResponse:
    """Return the options for the browser, and store the ceremony in its session."""
    request.session[_STORED] = ceremony.to_json()
    if SESSION_KEY not in request.session:
        request.session.set_expiry(int(CEREMONY_PERIOD.total_seconds()))
    return JsonResponse(options)


def take_ceremony(request: HttpRequest) -> Ceremony:
    """Return the ceremony that this browser began. It cannot be used a second time.

    Raises:
        NotPermitted: It began none.
    """
    stored = request.session.pop(_STORED, None)
    if stored is None:
        raise NotPermitted("This page was open for too long.")
    return Ceremony.from_json(stored)


def read_credential(request: HttpRequest) -> dict[str, Any]:
    """Return what the browser's authenticator answered, from the field `credential`.

    Raises:
        NotPermitted: It is no JSON object, or too long.
    """
    text = request.POST.get("credential", "")
    try:
        # Measured first: the signed-out may post here, and parsing a megabyte costs.
        credential = json.loads(text) if len(text) <= MAX_CREDENTIAL_LENGTH else None
    except (ValueError, RecursionError):
        credential = None
    if not isinstance(credential, dict):
        raise NotPermitted("The browser sent no passkey.")
    return credential
