"""Lists of users and groups: filtered, sorted and paged as RFC 7644 (3.4.2) says."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from scim2_models import Context, ListResponse, SearchRequest
from scim2_models.path import Comparison

from bluelamp.foundation.accounts import directory
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.clock import now
from bluelamp.web.scim.protocol import scim_response, service_url
from bluelamp.web.scim.resources import Group, StaffUser, to_group, to_user
from bluelamp.web.scim.service import MAX_RESULTS


def list_users(request: HttpRequest, actor: Actor, parameters: dict[str, Any]) -> HttpResponse:
    """Return the accounts that the parameters ask for."""
    search = _read_search(parameters, StaffUser)
    return _search_resources(_load_users(request, actor, search), search, StaffUser)


def list_groups(request: HttpRequest, actor: Actor, parameters: dict[str, Any]) -> HttpResponse:
    """Return the groups that the parameters ask for."""
    search = _read_search(parameters, Group)
    return _search_resources(_load_groups(request, actor), search, Group)


def list_everything(request: HttpRequest, actor: Actor, parameters: dict[str, Any]) -> HttpResponse:
    """Return the accounts and groups that the parameters ask for."""
    model: Any = StaffUser | Group
    search = _read_search(parameters, model)
    resources = _load_users(request, actor, search) + _load_groups(request, actor)
    return _search_resources(resources, search, model)


def list_response(
    page: list[Any], model: Any, *, total: int, search: SearchRequest[Any]
) -> HttpResponse:
    """Return one page of a list that has `total` resources on all its pages."""
    response = ListResponse[model](
        total_results=total,
        start_index=search.start_index or 1,
        items_per_page=len(page),
        # RFC 7644, 3.4.2: only required where there are results.
        resources=page or None,
    )
    return scim_response(response, Context.SEARCH_RESPONSE, parameters=search)


def _read_search(parameters: dict[str, Any], model: Any) -> SearchRequest[Any]:
    search: SearchRequest[Any] = SearchRequest[model].model_validate(parameters)
    return search


def _load_users(request: HttpRequest, actor: Actor, search: SearchRequest[Any]) -> list[Any]:
    accounts = directory.list_directory_accounts(
        actor=actor, at=now(), username=_equal_username(search.filter)
    )
    base = service_url(request)
    return [to_user(account, base) for account in accounts]


def _load_groups(request: HttpRequest, actor: Actor) -> list[Any]:
    groups = directory.list_directory_groups(actor=actor, at=now())
    return [to_group(group, service_url(request)) for group in groups]


def _equal_username(condition: Any) -> str:
    """Return the user name of a filter `userName eq "…"`, else "".

    A directory asks so before each write: of 50,000 accounts, only one must then be read.
    """
    tree = condition.ast if condition else None
    if (
        isinstance(tree, Comparison)
        and str(tree.attr_path).lower() == "username"
        and tree.op == "eq"
    ):
        return str(tree.value)
    return ""


def _search_resources(resources: list[Any], search: SearchRequest[Any], model: Any) -> HttpResponse:
    if search.filter is not None:
        # Filters are matched in Python: a directory has some thousand people, and asks for one at a
        # time.
        resources = [resource for resource in resources if search.filter.match(resource)]
    resources = search.sort(resources)
    start, stop = search.start_index_0 or 0, search.stop_index_0
    # However many the client asks for (RFC 7644, 3.4.2.4 allows fewer).
    page = resources[start:stop][:MAX_RESULTS]
    return list_response(page, model, total=len(resources), search=search)
