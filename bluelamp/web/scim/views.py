"""Users and groups over SCIM: each request is one command or lookup."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from scim2_models import Context, PatchOp, ResponseParameters

from bluelamp.foundation.accounts import commands, directory
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.web.scim.protocol import read_body, scim_response, scim_view, service_url
from bluelamp.web.scim.resources import (
    Group,
    StaffUser,
    member_ids,
    to_entry,
    to_group,
    to_user,
    with_defaults,
    with_whole_emails,
)
from bluelamp.web.scim.searching import list_everything, list_groups, list_users


@scim_view("GET", "POST")
def users(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the accounts, or open one."""
    if request.method == "GET":
        return list_users(request, actor, request.GET.dict())
    user = StaffUser.model_validate(
        with_defaults(read_body(request)), scim_ctx=Context.RESOURCE_CREATION_REQUEST
    )
    user_id = commands.add_directory_account(actor=actor, at=now(), entry=to_entry(user))
    return _respond(request, _get_user(request, actor, user_id), status=201)


@scim_view("GET", "PUT", "PATCH", "DELETE")
def user(request: HttpRequest, actor: Actor, user_id: UUID) -> HttpResponse:
    """Show, replace or change an account, or shut its holder out."""
    if request.method == "DELETE":
        commands.remove_directory_account(actor=actor, at=now(), user_id=user_id)
        return HttpResponse(status=204)
    current = _get_user(request, actor, user_id)
    if request.method != "GET":
        changed = _read_change(request, current, StaffUser)
        commands.update_directory_account(
            actor=actor, at=now(), user_id=user_id, entry=to_entry(changed)
        )
        current = _get_user(request, actor, user_id)
    return _respond(request, current)


@scim_view("GET", "POST")
def groups(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List the groups, or add one."""
    if request.method == "GET":
        return list_groups(request, actor, request.GET.dict())
    group = Group.model_validate(read_body(request), scim_ctx=Context.RESOURCE_CREATION_REQUEST)
    group_id = _save_group(actor, group, None)
    return _respond(request, _get_group(request, actor, group_id), status=201)


@scim_view("GET", "PUT", "PATCH", "DELETE")
def group(request: HttpRequest, actor: Actor, group_id: UUID) -> HttpResponse:
    """Show, replace, change or delete a group."""
    if request.method == "DELETE":
        commands.delete_directory_group(actor=actor, at=now(), group_id=group_id)
        return HttpResponse(status=204)
    current = _get_group(request, actor, group_id)
    if request.method != "GET":
        _save_group(actor, _read_change(request, current, Group), group_id)
        current = _get_group(request, actor, group_id)
    return _respond(request, current)


@scim_view("POST")
def search_users(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List accounts, with the parameters in the body: they may hold personal data."""
    return list_users(request, actor, read_body(request))


@scim_view("POST")
def search_groups(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List groups, with the parameters in the body."""
    return list_groups(request, actor, read_body(request))


@scim_view("POST")
def search(request: HttpRequest, actor: Actor) -> HttpResponse:
    """List accounts and groups together."""
    return list_everything(request, actor, read_body(request))


@scim_view("GET", "POST", "PUT", "PATCH", "DELETE")
def not_found(request: HttpRequest, actor: Actor, rest: str = "") -> HttpResponse:
    """Answer any other address under `/scim/v2/`, so that no page answers a program."""
    raise NotFound


def _respond(request: HttpRequest, resource: Any, *, status: int = 200) -> HttpResponse:
    """Return a resource, with the attributes that the request asks for."""
    parameters = ResponseParameters[type(resource)].model_validate(  # type: ignore[misc]
        {
            name: value
            for name, value in request.GET.items()
            if name.lower() in {"attributes", "excludedattributes"}
        }
    )
    return scim_response(
        resource, Context.RESOURCE_QUERY_RESPONSE, status=status, parameters=parameters
    )


def _get_user(request: HttpRequest, actor: Actor, user_id: UUID) -> Any:
    account = directory.get_directory_account(actor=actor, at=now(), user_id=user_id)
    return to_user(account, service_url(request))


def _get_group(request: HttpRequest, actor: Actor, group_id: UUID) -> Group:
    detail = directory.get_directory_group(actor=actor, at=now(), group_id=group_id)
    return to_group(detail, service_url(request))


def _read_change(request: HttpRequest, current: Any, model: type[Any]) -> Any:
    """Return the resource as a PUT or PATCH leaves it."""
    payload = read_body(request)
    if request.method == "PUT":
        if model is StaffUser:
            payload = with_defaults(payload)
        replacement = model.model_validate(payload, scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST)
        replacement.replace(current)
        return replacement
    operations = PatchOp[model].model_validate(  # type: ignore[valid-type]
        with_whole_emails(payload), scim_ctx=Context.RESOURCE_PATCH_REQUEST
    )
    operations.patch(current)
    # What the patch wrote has not been held to the schema's lengths yet.
    return model.model_validate(current.model_dump(scim_ctx=None))


def _save_group(actor: Actor, group: Group, group_id: UUID | None) -> UUID:
    return commands.save_directory_group(
        actor=actor,
        at=now(),
        name=str(group.display_name),
        member_ids=member_ids(group),
        external_id=group.external_id or "",
        group_id=group_id,
    )
