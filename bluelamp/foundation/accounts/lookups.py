"""Reading accounts, and counting attempts to sign in."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from bluelamp.foundation.accounts.account_policy import account_policy
from bluelamp.foundation.accounts.account_rows import AccountRow, to_account_row
from bluelamp.foundation.accounts.models import Organisation, User
from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.client_address import network_prefix, rate_limit_key
from bluelamp.foundation.kernel.errors import NotFound


@dataclass(frozen=True, kw_only=True, slots=True)
class UserDetail:
    """An active account, as other domains see it."""

    id: UUID
    name: str
    display_name: str
    initials: str
    rank: str
    collar: str
    force: str
    unit: str
    email: str


@lookup(permission="account.manage", act="account.listed")
def list_accounts(*, actor: Actor, at: datetime) -> list[AccountRow]:
    """Return every account that the actor may manage, the deactivated too, by user name."""
    users = account_policy.queryset(actor).select_related("organisation")
    rows = [to_account_row(user) for user in users.prefetch_related("roles").order_by("username")]
    record_act(None, ref="accounts", detail={"accounts": len(rows)})
    return rows


def list_officers(*, force: str) -> list[UserDetail]:
    """Return the active police accounts of a force, by name: to choose an officer in the case."""
    return [_to_detail(user) for user in _active_officers(force).order_by("name")]


def list_officers_who_may(permission: str, *, force: str) -> list[UserDetail]:
    """Return the active police accounts of a force whose roles give a permission, by name."""
    users = _active_officers(force).filter(roles__permissions__contains=[permission])
    return [_to_detail(user) for user in users.order_by("name", "id").distinct()]


def get_officer(*, user_id: UUID, force: str) -> UserDetail | None:
    """Return an active police account of a force, or None."""
    user = _active_officers(force).filter(id=user_id).first()
    return _to_detail(user) if user else None


def get_active_user(*, user_id: UUID) -> UserDetail | None:
    """Return an active account, or None."""
    user = User.objects.filter(id=user_id, is_active=True).first()
    return _to_detail(user) if user else None


def is_still_permitted(*, user_id: UUID, permission: str, since: datetime) -> bool:
    """Say whether what somebody was given at an instant still counts.

    It ends with their account, with a block of any device of theirs, and when their roles no
    longer give the permission.

    Args:
        user_id: Whose account it is.
        permission: What they must still be allowed to do.
        since: When it was given to them.
    """
    was_shut_out = (
        Q(is_active=False) | Q(deactivated_at__gte=since) | Q(devices__blocked_at__gte=since)
    )
    if User.objects.filter(was_shut_out, id=user_id).exists():
        return False
    # By the roles of now: somebody who moved to other work had them when the thing was given.
    return User.objects.filter(id=user_id, roles__permissions__contains=[permission]).exists()


def _active_officers(force: str) -> QuerySet[User]:
    return User.objects.filter(
        force=force, organisation__kind=Organisation.Kind.POLICE, is_active=True
    )


def _to_detail(user: User) -> UserDetail:
    return UserDetail(
        id=user.id,
        name=user.name,
        display_name=user.display_name,
        initials=user.initials,
        rank=user.rank,
        collar=user.collar,
        force=user.force,
        unit=user.unit,
        email=user.email,
    )


def count_failed_sign_ins(
    *,
    since: datetime,
    user_ref: str | None = None,
    address: str | None = None,
    network: str | None = None,
) -> int:
    """Count failed attempts to sign in.

    Args:
        since: Count from this moment on.
        user_ref: Only attempts at this user name.
        address: Only attempts from this address, as rate limits count addresses.
        network: Only attempts from the IPv4 /24 or IPv6 /64 of this address.
    """
    attempts = AuditEntry.objects.filter(
        act__in=("account.signed_in", "account.confirmed"),
        at__gte=since,
        result=AuditEntry.Result.REFUSED,
    )
    if user_ref is not None:
        # A failed attempt has no subject: its reference is the argument it was made with.
        attempts = attempts.filter(ref=f"user_ref={user_ref}")
    if address is not None:
        attempts = attempts.filter(rate_limit_key=rate_limit_key(address))
    if network is not None:
        attempts = attempts.filter(rate_limit_key__startswith=network_prefix(network))
    return attempts.count()


def is_locked_out(*, user_ref: str, address: str, since: datetime) -> bool:
    """Say whether a lockout of a user name from an address is on record.

    Args:
        user_ref: The user name; "" for a lockout of any name.
        address: The network address; "" for a lockout from anywhere.
        since: Only lockouts recorded from this moment on count.
    """
    return AuditEntry.objects.filter(
        act="account.shut_out",
        rate_limit_key=rate_limit_key(address),
        at__gte=since,
        ref=user_ref,
    ).exists()


@lookup(permission="account.sign_in", act="door.tried")
def _record_denial(*, actor: Actor, at: datetime, path_ref: str) -> None:
    raise NotFound  # which puts the attempt on the record


def record_denial_and_raise(*, actor: Actor, at: datetime, path_ref: str) -> None:
    """Record that somebody tried a page of another organisation's front end, and raise NotFound.

    Raises:
        NotFound: Always, so that the answer does not tell that the page exists.
    """
    # With only the permission to sign in, whatever the person may do elsewhere: the attempt itself
    # must never be refused for want of a permission, which would be recorded as something else.
    denied = replace(actor, permissions=frozenset({"account.sign_in"}))
    _record_denial(actor=denied, at=at, path_ref=path_ref)
