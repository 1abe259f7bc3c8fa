"""Every refusal of the API as problem+json (RFC 9457), whatever raised it."""

from __future__ import annotations

import functools
import json
import logging
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

import pydantic
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.response import HttpResponseBase
from ninja.errors import HttpError, ValidationError

from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from bluelamp.web.partners.multipart import Malformed

MEDIA_TYPE = "application/problem+json"
_LOG = logging.getLogger(__name__)
_SENTENCES = {
    400: "The request could not be read.",
    401: "Sign in first.",
    403: "You may not do this.",
    404: "There is nothing here for you.",
    405: "This address does not take that method.",
    406: "This can only be answered as JSON.",
    409: "This clashes with what is already on record.",
    413: "This is larger than can be sent here. Send large files by tus, at /uploads/.",
    415: "Send multipart/form-data with the part “report”, or application/json.",
    422: "Some of it has to be put right.",
    429: "Too many requests. Try again later.",
    500: "Something went wrong here. Nothing was recorded: send it again.",
}
# What pydantic finds, said to a person; anything else is said as pydantic says it.
_PLAIN = {
    "missing": "This is missing.",
    "extra_forbidden": "This is not known here.",
    "json_invalid": "This is not JSON.",
    "string_too_long": "This is too long.",
    "string_type": "This must be text.",
    "bool_type": "This must be true or false.",
    "uuid_parsing": "This must be an id (UUID).",
    "uuid_type": "This must be an id (UUID).",
    "timezone_aware": "This must be a date and time with its offset, like 2026-03-03T16:15:00Z.",
    "finite_number": "This must be a number.",
}
_PLACES = frozenset({"body", "path", "query"})


class Problem(Exception):
    """A refusal of the door itself: a status, a sentence, and what is wrong with which field."""

    def __init__(self, status: int, detail: str = "", errors: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.detail = detail or _SENTENCES[status]
        self.errors = dict(errors or {})
        super().__init__(self.detail)


def answer(
    status: int, detail: str = "", errors: Mapping[str, str] | None = None, headers: Mapping[str, str] = {}
) -> HttpResponse:
    """The problem as an answer. `errors` maps each field, as a path like `person.email`, to its sentence."""
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail or _SENTENCES.get(status, ""),
        "errors": [{"field": field, "message": message} for field, message in (errors or {}).items()],
    }
    return HttpResponse(json.dumps(body), status=status, content_type=MEDIA_TYPE, headers=dict(headers))


def of_exception(exception: Exception) -> HttpResponse:
    """The problem that an exception means; 500, and the whole of it in our log, for one that nobody foresaw."""
    match exception:
        case Problem():
            return answer(exception.status, exception.detail, exception.errors)
        case Refused():
            return answer(422, exception.message, exception.errors)
        case pydantic.ValidationError():
            return answer(422, errors=fields(exception.errors(include_url=False)))
        case ValidationError():
            return answer(422, errors=fields(exception.errors))
        case HttpError():
            return answer(exception.status_code)
        case NotFound() | NotPermitted() | Http404():
            return answer(404)
        case Conflict():
            return answer(409, exception.message)
        case RequestDataTooBig():
            return answer(413)
        case Malformed():
            return answer(400, str(exception))
        case BadRequest() | SuspiciousOperation() | UnreadablePostError():
            return answer(400)
    _LOG.error("the API failed", exc_info=exception)
    return answer(500)


def fields(errors: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Pydantic's errors by field, the first of each."""
    found: dict[str, str] = {}
    for error in errors:
        parts = [str(part) for part in error["loc"]]
        while len(parts) > 1 and parts[0] in _PLACES:
            parts.pop(0)
        message = str(error["msg"]).removeprefix("Value error, ")
        found.setdefault(".".join(parts), _PLAIN.get(error["type"], message))
    return found


def as_problems(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let a view answer only with success or a problem."""

    @functools.wraps(view)
    def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except Exception as exception:
            return of_exception(exception)
        if response.status_code < 400 or response.get("Content-Type") == MEDIA_TYPE:
            return response
        kept = {name: value for name, value in response.items() if name in {"Allow", "Retry-After"}}
        return answer(response.status_code, headers=kept)

    return told
