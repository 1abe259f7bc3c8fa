"""Staff accounts: the list, one of them, opening one, and what is done with it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bluelamp.foundation.accounts import commands
from bluelamp.foundation.accounts.account_lookups import (
    AccountDetail,
    get_account,
    list_roles,
    search_accounts,
)
from bluelamp.foundation.accounts.account_rows import AccountRow
from bluelamp.foundation.accounts.commands import NewAccount, NewEnrolmentLink
from bluelamp.foundation.accounts.sign_in_methods import SignInMethods
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.kernel.origins import staff_origin
from bluelamp.foundation.kernel.text import single_line
from bluelamp.web.actor import get_actor, staff_required, step_up_required
from bluelamp.web.desk import labels
from bluelamp.web.desk.contexts import Tag
from bluelamp.web.desk.devices import STATE_TAGS
from bluelamp.web.desk.forms import require_permission
from bluelamp.web.private_searches import encode_search
from bluelamp.web.render import render

STATES = {"": "All", "active": "Active", "deactivated": "Deactivated"}
ACTIVE, DEACTIVATED = Tag("Active", "green"), Tag("Deactivated", "grey")
SUCCESS_MESSAGES = {
    "roles": "Roles changed. They count from the next page that the person opens.",
    "signed-out": "Signed out everywhere. The person can sign in again.",
    "deactivated": "Account deactivated. The person is signed out, and their devices are blocked.",
    "reactivated": "Account reactivated. The person can sign in as before. Their devices are still"
    " blocked.",
}
# Of other organisations' people, whose accounts are opened on the server.
PARTNER_ROLES = {"prosecutor"}
MAX_QUERY = 200
# What is read of the form, so that a hostile one fills no memory. The rules refuse far less.
MAX_TEXT = 500


@require_safe
@staff_required
def accounts(request: HttpRequest) -> HttpResponse:
    """List the force's accounts."""
    q = request.GET.get("q", "")[:MAX_QUERY]
    state = request.GET.get("state", "")
    state = state if state in STATES else ""
    results = search_accounts(
        actor=get_actor(request),
        at=now(),
        q=q,
        state=state,
        page=labels.parse_page_number(request.GET.get("page", "")),
    )
    titles = {role.name: role.title for role in list_roles()}
    filters = {name: value for name, value in (("q", q), ("state", state)) if value}
    context = {
        "rows": [_account_row(row, titles) for row in results.rows],
        "total": results.total,
        "summary": labels.count_label(results.total, "account"),
        "empty": "No accounts match. Try part of the name, or a collar number.",
        "q": q,
        "state": state,
        "states": STATES,
        "query_without_state": encode_search({"q": q}),
        "page": labels.page_links(page=results.page, pages=results.pages),
        "query": "&" + encode_search(filters) if filters else "",
    }
    return render(request, "desk/accounts.html.jinja", context)


@require_safe
@staff_required
def account(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Show one account, with forms to change it."""
    return _account_page(request, account_id)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
@step_up_required
def open_account(request: HttpRequest) -> HttpResponse:
    """Open an account, and show the link with which the person sets up a passkey."""
    actor = get_actor(request)
    require_permission(actor, "account.manage")
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            user, link = commands.open_account_with_link(
                actor=actor, at=now(), account=_read_account(request, force=actor.force)
            )
            return _link_page(request, user.id, link, is_new=True)
        except Refused as refused:
            errors = refused.errors
    context = {
        "roles": _role_items(),
        "values": request.POST,
        "errors": errors,
    }
    return render(request, "desk/account_open.html.jinja", context)


@require_POST
@staff_required
@step_up_required
def change_roles(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Give an account the roles that were selected, and no others."""
    roles = tuple(dict.fromkeys(request.POST.getlist("roles")))
    if not roles:
        # Without a role nothing opens, and nobody could tell that from a fault.
        return _account_page(request, account_id, errors={"roles": "Select at least one role"})
    return _change_account(request, account_id, commands.set_roles, done="roles", roles=roles)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
@step_up_required
def create_link(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Create a link with which the person sets up a passkey, and show it once."""
    # The page of a link is only ever the answer to its form: whoever comes back sees the account.
    if request.method != "POST":
        return redirect("desk-account", account_id=account_id)
    actor, at = get_actor(request), now()
    detail = get_account(actor=actor, at=at, user_id=account_id)
    try:
        link = commands.create_enrolment_link(actor=actor, at=at, user_ref=detail.account.user_name)
    except Conflict as conflict:
        return _account_page(request, account_id, errors={"": conflict.message}, status=409)
    return _link_page(request, account_id, link, is_new=False)


@require_POST
@staff_required
@step_up_required
def sign_out(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """End all sessions of a person."""
    return _change_account(request, account_id, commands.end_sessions_of, done="signed-out")


@require_POST
@staff_required
@step_up_required
def deactivate(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Shut a leaver out."""
    return _change_account(request, account_id, commands.deactivate_account, done="deactivated")


@require_POST
@staff_required
@step_up_required
def reactivate(request: HttpRequest, account_id: UUID) -> HttpResponse:
    """Let a person back in."""
    return _change_account(request, account_id, commands.reactivate_account, done="reactivated")


def _change_account(
    request: HttpRequest,
    account_id: UUID,
    command: Callable[..., Any],
    *,
    done: str,
    **arguments: Any,
) -> HttpResponse:
    """Call a command about an account, and show the account again.

    Args:
        request: The request.
        account_id: The account.
        command: A command that takes `user_ref`.
        done: The key of the success message.
        **arguments: What else the command takes.
    """
    actor, at = get_actor(request), now()
    # The commands know accounts by their user names. Whose it may not be is a 404 here already.
    user_name = get_account(actor=actor, at=at, user_id=account_id).account.user_name
    try:
        command(actor=actor, at=at, user_ref=user_name, **arguments)
    except Refused as refused:
        return _account_page(request, account_id, errors=refused.errors)
    # Somebody else did it meanwhile: the page shows the account as it is now.
    except Conflict as conflict:
        return _account_page(request, account_id, errors={"": conflict.message}, status=409)
    return redirect(f"{reverse('desk-account', kwargs={'account_id': account_id})}?done={done}")


def _account_page(
    request: HttpRequest,
    account_id: UUID,
    *,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    actor, at = get_actor(request), now()
    detail = get_account(actor=actor, at=at, user_id=account_id)
    titles = {role.name: role.title for role in list_roles()}
    row = detail.account
    context = {
        "detail": detail,
        "account": row,
        "state_tag": ACTIVE if row.is_active else DEACTIVATED,
        "role_titles": [titles.get(name, name) for name in row.roles],
        "sign_in": _sign_in_lines(detail.methods),
        "link_expires": labels.short_time(detail.link_expires_at, at=at)
        if detail.link_expires_at
        else "",
        "sessions": _sessions_text(detail, at=at),
        "deactivated": labels.short_time(detail.deactivated_at, at=at)
        if detail.deactivated_at
        else "",
        "devices": [{"device": own, "tag": STATE_TAGS[own.state]} for own in detail.devices],
        "is_own": row.id == actor.id,
        "roles": _role_items(row.roles),
        # After a mistake what was selected stays; before it, what the account has.
        "values": request.POST if "roles" in request.POST else {"roles": list(row.roles)},
        "errors": errors or {},
        "done": SUCCESS_MESSAGES.get(request.GET.get("done", ""), ""),
    }
    return render(request, "desk/account.html.jinja", context, status=status)


def _link_page(
    request: HttpRequest, account_id: UUID, link: NewEnrolmentLink, *, is_new: bool
) -> HttpResponse:
    # Passkeys belong to a name, never to an address like 127.0.0.1.
    origin = staff_origin().replace("//127.0.0.1", "//localhost")
    context = {
        "account_id": account_id,
        "user_name": link.user_name,
        "link": f"{origin}/sign-in/enrol/{link.token}/",
        "expires_at": link.expires_at,
        "is_new": is_new,
    }
    return render(request, "desk/account_link.html.jinja", context)


def _read_account(request: HttpRequest, *, force: str) -> NewAccount:
    """Return the account that the form describes."""
    texts = {
        name: single_line(request.POST.get(name, "")[:MAX_TEXT])
        for name in ("username", "name", "rank", "collar", "unit", "email")
    }
    return NewAccount(
        **texts, force=force, roles=tuple(dict.fromkeys(request.POST.getlist("roles")))
    )


def _role_items(current: tuple[str, ...] = ()) -> list[dict[str, str]]:
    """Return the roles to select from: those for police, and those that the account has."""
    return [
        {"value": role.name, "text": role.title, "hint": f"{role.held_by} {role.purpose}".strip()}
        for role in list_roles()
        if role.name not in PARTNER_ROLES or role.name in current
    ]


def _account_row(row: AccountRow, titles: dict[str, str]) -> dict[str, Any]:
    return {
        "href": reverse("desk-account", kwargs={"account_id": row.id}),
        "name": row.display_name,
        "user_name": row.user_name,
        "roles": ", ".join(titles.get(name, name) for name in row.roles) or "None",
        "tag": ACTIVE if row.is_active else DEACTIVATED,
    }


def _sign_in_lines(methods: SignInMethods) -> list[str]:
    """Return the person's ways to sign in, a line each."""
    lines = []
    if count := len(methods.usable_passkeys):
        lines.append(labels.count_label(count, "passkey"))
    if stopped := len(methods.passkeys) - count:
        lines.append(labels.count_label(stopped, "stopped passkey"))
    if methods.can_use_password:
        lines.append("Password with an authenticator app")
    return lines or ["None set up yet"]


def _sessions_text(detail: AccountDetail, *, at: datetime) -> str:
    if not detail.sessions or detail.last_seen_at is None:
        return "Not signed in"
    count = labels.count_label(detail.sessions, "browser")
    return f"Signed in on {count}, last used {labels.short_time(detail.last_seen_at, at=at)}"
