"""What the service says of itself: its features, its kinds of resource and their schemas."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from scim2_models import Context, ForbiddenException, SearchRequest

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.web.scim.protocol import scim_response, scim_view
from bluelamp.web.scim.searching import list_response
from bluelamp.web.scim.service import CONFIG, PROVIDER


@scim_view("GET")
def service_provider_config(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Say what the service offers."""
    return scim_response(CONFIG, Context.RESOURCE_QUERY_RESPONSE)


@scim_view("GET")
def resource_types(request: HttpRequest, actor: Actor, name: str = "") -> HttpResponse:
    """List the kinds of resource, or show one."""
    return _describe(request, PROVIDER.resource_types, name)


@scim_view("GET")
def schemas(request: HttpRequest, actor: Actor, name: str = "") -> HttpResponse:
    """List the schemas, or show one."""
    return _describe(request, PROVIDER.schemas, name)


def _describe(request: HttpRequest, descriptions: Iterable[Any], name: str) -> HttpResponse:
    if "filter" in request.GET:
        # RFC 7644, section 4: a client must not believe that these lists were filtered.
        raise ForbiddenException(detail="This list cannot be filtered")
    resources = list(descriptions)
    if not name:
        return list_response(
            resources, type(resources[0]), total=len(resources), search=SearchRequest()
        )
    for resource in resources:
        if resource.id == name:
            return scim_response(resource, Context.RESOURCE_QUERY_RESPONSE)
    raise NotFound
