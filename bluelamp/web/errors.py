"""The page for each way in which a request can fail.

It says what happened and what to do, and never what broke inside. It is rendered without a look at
the database, so that it also comes when the database does not answer.
"""

import sys
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFilesSent
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from bluelamp.foundation.kernel.transient import is_transient

RETRY_LATER = {"Retry-After": "60"}
"""The headers of a 503: try again in a minute."""


class TooManyRequests(Exception):
    """A sender reached a rate limit: answered 429."""


_NUL_REFUSED = "cannot contain NUL"
# The first that fits counts, so a subclass stands before its parent.
STATUSES: tuple[tuple[type[Exception], int], ...] = (
    (RequestDataTooBig, 413),
    (TooManyFilesSent, 413),
    (NotFound, 404),
    (NotPermitted, 403),
    (PermissionDenied, 403),
    (Conflict, 409),
    (Refused, 400),
    (TooManyRequests, 429),
)


def error_page(
    request: HttpRequest, *, status: int, message: str = "", headers: dict[str, str] | None = None
) -> HttpResponse:
    """Return the page `errors/<status>.html.jinja`.

    Args:
        request: The request that failed.
        status: The HTTP status.
        message: The first sentence of the page, instead of its own.
        headers: Further headers.
    """
    context: dict[str, object] = {
        "actor": None,
        "demo": settings.BLUELAMP_DEMO,
        "path": request.path,
        "message": message,
        "back": "",
        "errors": {},
        "values": {},
    }
    page = render_to_string(f"errors/{status}.html.jinja", context, request)
    return HttpResponse(page, status=status, headers=headers)


def page_for_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """Return the page for a refusal by the kernel or by a limit of Django; None for anything else.

    A record that the person may not see raises NotFound, so a 403 never says that one exists.
    """
    # Only where nobody looked at the text before: psycopg refuses it, and sends nothing.
    if isinstance(exception, DataError) and _NUL_REFUSED in str(exception):
        return error_page(request, status=400)
    for kind, status in STATUSES:
        if isinstance(exception, kind):
            # Only ours are written for people to read.
            message = exception.message if isinstance(exception, Refused | Conflict) else ""
            return error_page(request, status=status, message=message)
    return None


class ErrorPages:
    """Middleware that answers a refusal which a view let through with its page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # No row can hold it, so no address has it, and PostgreSQL would refuse the question.
        if "\x00" in request.path_info:
            return error_page(request, status=404)
        # Django calls `process_exception` where a view raised.
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the page for a refusal, or None: Django then calls `handler500`."""
        return page_for_exception(request, exception)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's `handler400`."""
    page = page_for_exception(request, exception) if exception else None
    return page or error_page(request, status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's `handler403`."""
    return error_page(request, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's `handler404`."""
    return error_page(request, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's `handler500`, after it logged the fault. 503 for a fault that will pass."""
    # Django does not pass the exception to this handler.
    exception = sys.exc_info()[1]
    if exception is None or not is_transient(exception):
        return error_page(request, status=500)
    return error_page(request, status=503, headers=RETRY_LATER)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's `CSRF_FAILURE_VIEW`: the token of a form is missing or old."""
    message = _("This page was open for too long, or your browser blocks cookies")
    return error_page(request, status=403, message=message)
