"""SCIM over HTTP: who may call, and answers and errors in SCIM's own form."""

import functools
import json
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from pydantic import ValidationError
from scim2_models import (
    Context,
    Error,
    InvalidSyntaxException,
    InvalidValueException,
    NotFoundException,
    SCIMException,
    UnauthorizedException,
    UniquenessException,
)

from bluelamp.foundation.accounts.directory import directory_actor, find_token_client
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.foundation.kernel.text import reject_unstorable
from bluelamp.foundation.kernel.transient import is_transient
from bluelamp.web.errors import RETRY_LATER
from bluelamp.web.scim.service import POLICY

MEDIA_TYPE = "application/scim+json"
_LOG = logging.getLogger(__name__)
View = Callable[..., HttpResponse]


def scim_view(*methods: str) -> Callable[[View], View]:
    """Make a view part of the service: the token is checked, and every refusal is SCIM's.

    The view is called with the actor after the request. A call needs no CSRF token, because no
    browser sends the bearer token by itself.
    """

    def wrap(view: View) -> View:
        @csrf_exempt
        @functools.wraps(view)
        def serve(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            try:
                # Before anything else: whoever has no token does not even learn which methods there
                # are.
                actor = _authenticate(request)
                if request.method not in methods:
                    return _error_response(405, "This method is not allowed here.")
                with POLICY:
                    return view(request, actor, **kwargs)
            except Exception as fault:
                return _to_response(fault)

        return serve

    return wrap


def scim_response(
    resource: Any, context: Context, *, status: int = 200, parameters: Any = None
) -> HttpResponse:
    """Return a resource or a message, with its address where it has one.

    Args:
        resource: What to return.
        context: What it is an answer to.
        status: The HTTP status.
        parameters: The `ResponseParameters` that the client sent; None for all attributes.
    """
    body = resource.model_dump(scim_ctx=context, response_parameters=parameters)
    response = HttpResponse(json.dumps(body), status=status, content_type=MEDIA_TYPE)
    meta = getattr(resource, "meta", None)
    if meta and meta.location:
        response["Location"] = str(meta.location)
    return response


def read_body(request: HttpRequest) -> Any:
    """Return the JSON of a request.

    Raises:
        InvalidSyntaxException: It is not JSON, or no object.
        Refused: Some text in it cannot be stored.
    """
    try:
        payload = json.loads(request.body)
    # Ten thousand brackets are a RecursionError and no ValueError.
    except (ValueError, RecursionError):
        raise InvalidSyntaxException(detail="The body is not valid JSON") from None
    if not isinstance(payload, dict):
        raise InvalidSyntaxException(detail="The body must be a JSON object")
    reject_unstorable(payload)
    return payload


def service_url(request: HttpRequest) -> str:
    """Return the address of the service, without a slash at its end."""
    return request.build_absolute_uri("/scim/v2")


def _authenticate(request: HttpRequest) -> Actor:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    client = find_token_client(token=token.strip(), at=now())
    if scheme.lower() != "bearer" or client is None:
        raise UnauthorizedException(detail="The bearer token is missing, wrong or out of date")
    address = str(request.META.get("REMOTE_ADDR", ""))
    return directory_actor(force=settings.BLUELAMP_FORCE, client=client, address=address)


def _to_response(fault: Exception) -> HttpResponse:
    """Return the refusal that an exception means; one that nobody expected is 500 and is logged."""
    match fault:
        case UnauthorizedException():
            response = _exception_response(fault)
            # RFC 6750, section 3: a 401 says how to authenticate.
            response["WWW-Authenticate"] = 'Bearer realm="scim"'
            return response
        case SCIMException():
            return _exception_response(fault)
        case ValidationError():
            error = Error.from_validation_errors(fault)[0]
            return _error_response(int(error.status or 400), error.detail or "", error.scim_type)
        # Of another force or of nobody: the same answer.
        case NotFound() | Http404():
            return _exception_response(NotFoundException(detail="There is no such resource"))
        case Conflict():
            return _exception_response(UniquenessException(detail=fault.message))
        case Refused():
            return _exception_response(InvalidValueException(detail=fault.message))
    _LOG.error("SCIM failed", exc_info=fault)
    if is_transient(fault):
        response = _error_response(503, "Nothing was saved. Send it again in a few minutes.")
        response["Retry-After"] = RETRY_LATER["Retry-After"]
        return response
    return _error_response(500, "Something went wrong, and nothing was saved.")


def _exception_response(fault: SCIMException) -> HttpResponse:
    error = fault.to_error()
    return _error_response(int(error.status or 400), error.detail or "", error.scim_type)


def _error_response(status: int, detail: str, scim_type: str | None = None) -> HttpResponse:
    error = Error(status=status, scim_type=scim_type, detail=detail)
    return HttpResponse(json.dumps(error.model_dump()), status=status, content_type=MEDIA_TYPE)
