"""Every refusal of an API as problem+json (RFC 9457), whatever raised it. Both APIs use it."""

import functools
import json
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import pydantic
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from ninja.errors import HttpError, ValidationError

from bluelamp.foundation.kernel.errors import (
    Conflict,
    LimitReached,
    NotFound,
    NotPermitted,
    Refused,
)
from bluelamp.foundation.kernel.transient import is_transient
from bluelamp.web.actor import ConfirmationRequired
from bluelamp.web.errors import RETRY_LATER

MEDIA_TYPE = "application/problem+json"
_LOG = logging.getLogger(__name__)
_DETAILS = {
    400: "We could not read the request.",
    401: "You need to sign in first.",
    403: "You do not have permission to do this.",
    404: "There is nothing at this address.",
    405: "You cannot use this method at this address.",
    406: "We can only answer this with JSON.",
    409: "We already have something different under this id.",
    413: "This is too large to send here.",
    415: "Send this as application/json.",
    422: "There is a problem with what you sent.",
    429: "You have sent too many requests. Try again later.",
    500: "Something went wrong, and we did not save anything. Send it again.",
    503: "We cannot save anything at the moment. Send it again in a few minutes.",
}
_CONFIRM = "Confirm who you are at /sign-in/confirm/ first. Then send this again."
# What pydantic finds, as people say it. Anything else is said as pydantic says it.
_FRIENDLY_MESSAGES = {
    "missing": "This is missing",
    "extra_forbidden": "This is not a field we know",
    "json_invalid": "This is not valid JSON",
    "string_too_long": "This is too long",
    "string_too_short": "This is too short",
    "string_type": "This must be text",
    "bool_type": "This must be true or false",
    "uuid_parsing": "This must be an id (UUID)",
    "uuid_type": "This must be an id (UUID)",
    "timezone_aware": "This must be a date and time with its offset, like 2026-03-03T16:15:00Z",
    "finite_number": "This must be a number",
}
# Where in a request something is, and what our operations call their body. Neither is part of the
# path of a field.
_REQUEST_PARTS = frozenset({"body", "path", "query", "header", "payload"})
_KEPT_HEADERS = frozenset({"Allow", "Retry-After"})


class ApiError(Exception):
    """A refusal by an API itself.

    Attributes:
        status: The HTTP status.
        detail: A sentence, or "" for the API's own sentence for the status.
        errors: A sentence for each field, by a path like `person.email`.
        type: A URI that tells a program what kind of refusal it is, where the status does not.
    """

    def __init__(
        self,
        status: int,
        detail: str = "",
        errors: Mapping[str, str] | None = None,
        *,
        type: str = "about:blank",
    ) -> None:
        self.status = status
        self.detail = detail
        self.errors = dict(errors or {})
        self.type = type
        super().__init__(f"{status} {detail}".rstrip())


@dataclass(frozen=True)
class ProblemResponses:
    """How one API refuses.

    Attributes:
        name: What our log calls the API.
        details: The API's own sentences, by status, where the usual one does not fit.
        hides_forbidden: Answer 404, not 403, where somebody may not do something, so that they
            cannot tell whether it exists.
    """

    name: str
    details: Mapping[int, str] = field(default_factory=dict)
    hides_forbidden: bool = False

    def response(
        self,
        status: int,
        detail: str = "",
        errors: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        type: str = "about:blank",
    ) -> HttpResponse:
        """Return a refusal as problem+json.

        Args:
            detail: A sentence, or "" for the usual one.
            errors: A sentence for each field, by a path like `person.email`.
        """
        body = {
            "type": type,
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail or self.details.get(status) or _DETAILS.get(status, ""),
            "errors": [
                {"field": name, "message": message} for name, message in (errors or {}).items()
            ],
        }
        return HttpResponse(
            json.dumps(body), status=status, content_type=MEDIA_TYPE, headers=headers
        )

    def response_to(self, exception: Exception) -> HttpResponse:
        """Return the refusal that an exception means.

        One that nobody expected is 500, and is in our log in full. One that will pass, such as a
        full disk or a lost database, is 503.
        """
        match exception:
            case ApiError():
                return self.response(
                    exception.status, exception.detail, exception.errors, type=exception.type
                )
            case LimitReached():
                return self.response(exception.status, exception.message, exception.errors)
            case Refused():
                return self.response(422, exception.message, exception.errors)
            case pydantic.ValidationError():
                return self.response(
                    422, errors=errors_by_field(exception.errors(include_url=False))
                )
            case ValidationError():
                return self.response(422, errors=errors_by_field(exception.errors))
            case HttpError():
                return self.response(exception.status_code)
            case ConfirmationRequired():
                return self.response(403, _CONFIRM)
            case NotFound() | Http404():
                return self.response(404)
            case NotPermitted():
                # Where even to refuse would say that something exists.
                return self.response(404 if self.hides_forbidden else 403)
            case Conflict():
                return self.response(409, exception.message)
            case RequestDataTooBig():
                return self.response(413)
            case BadRequest() | SuspiciousOperation() | UnreadablePostError():
                return self.response(400)
        _LOG.error("%s failed", self.name, exc_info=exception)
        if is_transient(exception):
            return self.response(503, headers=RETRY_LATER)
        return self.response(500)

    def problem_json_only(
        self, view: Callable[..., HttpResponseBase]
    ) -> Callable[..., HttpResponseBase]:
        """Make a view answer with success or with problem+json, and with nothing else."""

        @functools.wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                response = view(request, *args, **kwargs)
            except Exception as exception:
                return self.response_to(exception)
            if response.status_code < 400 or response.get("Content-Type") == MEDIA_TYPE:
                return response
            # Django itself answers with a page, for example where a method is not allowed.
            headers = {name: value for name, value in response.items() if name in _KEPT_HEADERS}
            return self.response(response.status_code, headers=headers)

        return wrapper


def errors_by_field(
    errors: Iterable[Mapping[str, Any]], *, drop: frozenset[str] = frozenset()
) -> dict[str, str]:
    """Return pydantic's errors by field, the first one for each.

    Args:
        drop: Names that are no fields, such as the variants of a union. No path begins with one.
    """
    messages: dict[str, str] = {}
    for error in errors:
        path = [str(part) for part in error["loc"]]
        while len(path) > 1 and path[0] in drop | _REQUEST_PARTS:
            path.pop(0)
        message = str(error["msg"]).removeprefix("Value error, ")
        # The first: a form shows one message at a field.
        messages.setdefault(".".join(path), _FRIENDLY_MESSAGES.get(error["type"], message))
    return messages
