"""The page for each way a request can fail. Says what happened and what to do; never what broke
inside.

Rendered without looking anybody up, so that they still come when the database does not.
"""

import sys
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string

from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from bluelamp.foundation.kernel.passing import is_passing

LATER = {"Retry-After": "60"}
"""What goes with 503: ask again in a minute."""


class TooMany(Exception):
    """A sender asked for something too often: answered 429."""


STATUS_OF: tuple[tuple[type[Exception], int], ...] = (
    (RequestDataTooBig, 413),
    (TooManyFilesSent, 413),
    (NotFound, 404),
    (NotPermitted, 403),
    (PermissionDenied, 403),
    (Conflict, 409),
    (Refused, 400),
    (TooMany, 429),
)


def error_page(
    request: HttpRequest, *, status: int, message: str = "", headers: dict[str, str] | None = None
) -> HttpResponse:
    """The page `errors/<status>.html.jinja`, with `message` as its first sentence where one is
    given.
    """
    shown: dict[str, object] = {
        "actor": None,
        "demo": settings.BLUELAMP_DEMO,
        "path": request.path,
        "message": message,
        "errors": {},
        "values": {},
    }
    page = render_to_string(f"errors/{status}.html.jinja", shown, request)
    return HttpResponse(page, status=status, headers=headers)


def page_for(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """The page for a refusal by the kernel or by Django's limits; None for anything else.

    A record that the person may not see raises NotFound below, so 403 tells nobody that something
    exists.
    """
    for kind, status in STATUS_OF:
        if isinstance(exception, kind):
            told = exception.message if isinstance(exception, Refused | Conflict) else ""
            return error_page(request, status=status, message=told)
    return None


class PlainErrors:
    """Answers a refusal that a view let through with its page, so that no door repeats the
    mapping.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for `exception`, or None for one that is not a refusal: Django's 500 then."""
        return page_for(request, exception)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's `handler400`."""
    return (exception and page_for(request, exception)) or error_page(request, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's `handler403`."""
    return error_page(request, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's `handler404`."""
    return error_page(request, status=404)


def our_fault(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`: it has put the fault in the log. 503 for one that passes by itself."""
    fault = sys.exc_info()[1]
    if fault is None or not is_passing(fault):
        return error_page(request, status=500)
    return error_page(request, status=503, headers=LATER)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's `CSRF_FAILURE_VIEW`: the form's token is missing or old."""
    return error_page(
        request,
        status=403,
        message="This page was open for too long, or your browser blocks cookies.",
    )
