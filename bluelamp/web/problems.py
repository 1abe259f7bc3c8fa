"""Every refusal of an API as problem+json (RFC 9457), whatever raised it. Both APIs speak it."""

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

from bluelamp.foundation.kernel.errors import Conflict, NotFound, NotPermitted, Refused
from bluelamp.foundation.kernel.passing import is_passing
from bluelamp.web.errors import LATER

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
    413: "This is larger than can be sent here.",
    415: "Send it as application/json.",
    422: "Some of it has to be put right.",
    429: "Too many requests. Try again later.",
    500: "Something went wrong here. Nothing was recorded: send it again.",
    503: "Nothing can be taken in at the moment. Nothing was recorded: send it again in a few minutes.",
}
# What pydantic finds, said to a person; anything else is said as pydantic says it.
_PLAIN = {
    "missing": "This is missing.",
    "extra_forbidden": "This is not known here.",
    "json_invalid": "This is not JSON.",
    "string_too_long": "This is too long.",
    "string_too_short": "This is too short.",
    "string_type": "This must be text.",
    "bool_type": "This must be true or false.",
    "uuid_parsing": "This must be an id (UUID).",
    "uuid_type": "This must be an id (UUID).",
    "timezone_aware": "This must be a date and time with its offset, like 2026-03-03T16:15:00Z.",
    "finite_number": "This must be a number.",
}
# Where in a request something is, and what the operations of our APIs call their body: no part of a
# field's path.
_PLACES = frozenset({"body", "path", "query", "header", "wish"})


class Problem(Exception):
    """A refusal of the door itself: a status, a sentence (else the API's own), and what is wrong
    with which field.
    """

    def __init__(
        self, status: int, detail: str = "", errors: Mapping[str, str] | None = None
    ) -> None:
        self.status = status
        self.detail = detail
        self.errors = dict(errors or {})
        super().__init__(f"{status} {detail}".rstrip())


@dataclass(frozen=True)
class Problems:
    """How one API refuses: under its name in our log, and in its own words where `says` has some,
    by status.

    With `hides`, what somebody may not do is not there for them: 404, not 403.
    """

    name: str
    says: Mapping[int, str] = field(default_factory=dict)
    hides: bool = False

    def answer(
        self,
        status: int,
        detail: str = "",
        errors: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> HttpResponse:
        """The problem as an answer. `errors` maps each field, as a path like `person.email`, to its
        sentence.
        """
        body = {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail or self.says.get(status) or _SENTENCES.get(status, ""),
            "errors": [
                {"field": name, "message": message} for name, message in (errors or {}).items()
            ],
        }
        return HttpResponse(
            json.dumps(body), status=status, content_type=MEDIA_TYPE, headers=headers
        )

    def of_exception(self, exception: Exception) -> HttpResponse:
        """The problem that an exception means; 500, and the whole of it in our log, for one that
        nobody foresaw.

        503 for one that passes: a full disk, a database that is away.
        """
        match exception:
            case Problem():
                return self.answer(exception.status, exception.detail, exception.errors)
            case Refused():
                return self.answer(422, exception.message, exception.errors)
            case pydantic.ValidationError():
                return self.answer(422, errors=fields(exception.errors(include_url=False)))
            case ValidationError():
                return self.answer(422, errors=fields(exception.errors))
            case HttpError():
                return self.answer(exception.status_code)
            case NotFound() | Http404():
                return self.answer(404)
            case NotPermitted():
                return self.answer(404 if self.hides else 403)
            case Conflict():
                return self.answer(409, exception.message)
            case RequestDataTooBig():
                return self.answer(413)
            case BadRequest() | SuspiciousOperation() | UnreadablePostError():
                return self.answer(400)
        _LOG.error("%s failed", self.name, exc_info=exception)
        if is_passing(exception):
            return self.answer(503, headers=LATER)
        return self.answer(500)

    def alone(self, view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        """Let a view answer only with success or a problem."""

        @functools.wraps(view)
        def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                response = view(request, *args, **kwargs)
            except Exception as exception:
                return self.of_exception(exception)
            if response.status_code < 400 or response.get("Content-Type") == MEDIA_TYPE:
                return response
            kept = {
                name: value for name, value in response.items() if name in {"Allow", "Retry-After"}
            }
            return self.answer(response.status_code, headers=kept)

        return told


def fields(
    errors: Iterable[Mapping[str, Any]], *, drop: frozenset[str] = frozenset()
) -> dict[str, str]:
    """Pydantic's errors by field, the first of each; names in `drop`, which are no fields, don't
    begin a path.
    """
    found: dict[str, str] = {}
    for error in errors:
        parts = [str(part) for part in error["loc"]]
        while len(parts) > 1 and parts[0] in drop | _PLACES:
            parts.pop(0)
        message = str(error["msg"]).removeprefix("Value error, ")
        found.setdefault(".".join(parts), _PLAIN.get(error["type"], message))
    return found
