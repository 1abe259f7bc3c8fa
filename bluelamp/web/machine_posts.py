"""Answers to what other programs send us, which carry a signature or a token and no cookie."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from bluelamp.foundation.kernel.errors import NotPermitted, Refused


def answer_machine_post(
    request: HttpRequest, receive: Callable[[bytes], object], *, max_bytes: int
) -> HttpResponse:
    """Hand a body to `receive`, and say how that went.

    Returns:
        204; 401 where the sender does not prove who it is, 400 where the body is wrong, 413 where
        it is too long, or its length is no number. A sender repeats what is not answered with 2xx.
    """
    length = request.headers.get("Content-Length", "0")
    if not (length.isascii() and length.isdigit()) or int(length) > max_bytes:
        return HttpResponse(status=413)
    try:
        receive(request.body)
    except NotPermitted:
        return HttpResponse(status=401)
    except Refused:
        return HttpResponse(status=400)
    return HttpResponse(status=204)
