"""What happens to an account after it is opened: enrolment links, roles, leaving and coming back.

System actors (the console, the directory) reach every account; a person reaches those of their
own force.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from bluelamp.foundation.accounts.account_policy import account_policy
from bluelamp.foundation.accounts.commands.devices import block_devices_of
from bluelamp.foundation.accounts.hashing import hash_token
from bluelamp.foundation.accounts.models import EnrolmentLink, Role, User
from bluelamp.foundation.accounts.sessions import delete_sessions_of
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotPermitted, Refused
from bluelamp.foundation.kernel.text import is_storable

ENROLMENT_PERIOD = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class NewEnrolmentLink:
    """A new link: the token is told to the person once and is not stored.

    Attributes:
        token: What the address of the link ends with: `/sign-in/enrol/<token>/`.
        user_name: Whose it is.
        expires_at: Until when it can be used.
    """

    token: str
    user_name: str
    expires_at: datetime


@command(permission="account.manage", act="account.enrolment_link_created")
def create_enrolment_link(*, actor: Actor, at: datetime, user_ref: str) -> NewEnrolmentLink:
    """Create a one-time link with which a person enrols a passkey, for 24 hours.

    An earlier link of theirs that is still open is withdrawn.

    Args:
        actor: Who creates it.
        at: The time.
        user_ref: The person's user name.

    Raises:
        NotFound: There is no such account that the actor may manage.
        Conflict: The account is deactivated.
    """
    user = account_policy.get(actor, lock=True, username=user_ref)
    if not user.is_active:
        raise Conflict("accounts.deactivated", user_name=user_ref)
    # One open link for each person: an earlier one may be in somebody else's inbox.
    _withdraw_open_links(user, at)
    token = secrets.token_urlsafe(32)
    link = EnrolmentLink.objects.create(
        user=user,
        token_hash=hash_token(token),
        created_at=at,
        expires_at=at + ENROLMENT_PERIOD,
    )
    record_act(user, ref=user.username, detail={"expires_at": link.expires_at.isoformat()})
    return NewEnrolmentLink(token, user.username, link.expires_at)


@command(
    permission="account.sign_in",
    act="account.enrolment_link_used",
    category=Category.CONSULTATION,
)
def use_enrolment_link(*, actor: Actor, at: datetime, token: str) -> User:
    """Use up an enrolment link and return whose it is. Call it with the enrolment itself.

    Raises:
        NotPermitted: There is no such link, or it was used, withdrawn or is older than 24 hours.
    """
    # Locked: opened twice at once, the link enrols one passkey.
    link = _open_links(at).select_for_update().filter(token_hash=hash_token(token))
    row = link.select_related("user__organisation").first()
    if row is None:
        raise NotPermitted("The enrolment link is not open.")
    row.used_at = at
    row.save(update_fields=["used_at"])
    record_act(row.user, ref=row.user.username)
    return row.user


def find_enrolment_link_user(*, token: str, at: datetime) -> User | None:
    """Return whose enrolment link this is while it is open, else None. Nothing is used up."""
    row = (
        _open_links(at)
        .filter(token_hash=hash_token(token))
        .select_related("user__organisation")
        .first()
    )
    return row.user if row else None


@command(permission="account.manage", act="account.roles_changed")
def set_roles(*, actor: Actor, at: datetime, user_ref: str, roles: tuple[str, ...]) -> User:
    """Give an account exactly these roles. They count from the person's next request on.

    Args:
        actor: Who changes them.
        at: The time.
        user_ref: The person's user name.
        roles: The names of all the roles that the account shall have; none is allowed.

    Raises:
        NotFound: There is no such account that the actor may manage.
        Conflict: It is the actor's own.
        Refused: There is no such role.
    """
    user = account_policy.get(actor, lock=True, username=user_ref)
    _require_other_person(actor, user)
    rows = find_roles(roles)
    # Sorted, so that two entries of the record can be compared by eye.
    before = sorted(user.roles.values_list("name", flat=True))
    user.roles.set(rows)
    record_act(
        user,
        ref=user.username,
        detail={"before": before, "roles": sorted(row.name for row in rows)},
    )
    return user


@command(permission="account.manage", act="account.deactivated")
def deactivate_account(*, actor: Actor, at: datetime, user_ref: str) -> User:
    """Shut a leaver out: end their sessions and upload tokens, withdraw open enrolment links, and
    block their devices.

    Their passkeys and password stay on record and do not work while the account is deactivated.

    Raises:
        NotFound: There is no such account that the actor may manage.
        Conflict: It is deactivated already, or the actor's own.
    """
    user = account_policy.get(actor, lock=True, username=user_ref)
    _require_other_person(actor, user)
    if not user.is_active:
        raise Conflict("accounts.already_deactivated", user_name=user_ref)
    user.is_active = False
    # An upload token that was given out before stays void if they come back.
    user.deactivated_at = at
    user.save(update_fields=["is_active", "deactivated_at"])
    links = _withdraw_open_links(user, at)
    # Deleted and not only refused, so that reactivating the account revives none.
    sessions = delete_sessions_of(user)
    devices = block_devices_of(user, actor=actor, at=at)
    record_act(
        user,
        ref=user.username,
        detail={
            "sessions_ended": sessions,
            "links_withdrawn": links,
            "devices_blocked": devices,
        },
    )
    return user


@command(permission="account.manage", act="account.reactivated")
def reactivate_account(*, actor: Actor, at: datetime, user_ref: str) -> User:
    """Let somebody back in, with the roles and sign-in methods they had. No session is revived.

    Raises:
        NotFound: There is no such account that the actor may manage.
        Conflict: It is active already.
    """
    user = account_policy.get(actor, lock=True, username=user_ref)
    if user.is_active:
        raise Conflict("accounts.already_active", user_name=user_ref)
    user.is_active = True
    user.save(update_fields=["is_active"])
    record_act(
        user,
        ref=user.username,
        detail={"roles": sorted(user.roles.values_list("name", flat=True))},
    )
    return user


def find_roles(names: tuple[str, ...]) -> list[Role]:
    """Return the roles of these names.

    Raises:
        Refused: There is no role of one of the names.
    """
    # PostgreSQL refuses to look for what it cannot store.
    rows = list(Role.objects.filter(name__in=[name for name in names if is_storable(name)]))
    if len(rows) != len(set(names)):
        raise Refused("accounts.role_unknown", field="roles")
    return rows


def _require_other_person(actor: Actor, user: User) -> None:
    """Raise Conflict where a person would change what they may do themselves.

    Two people are then needed to give somebody more than an administrator has; and the last
    administrator can't shut themselves out.
    """
    # The console and the directory have no id of their own.
    if actor.id is not None and actor.id == user.id:
        raise Conflict("accounts.own_account")


def _open_links(at: datetime) -> QuerySet[EnrolmentLink]:
    return EnrolmentLink.objects.filter(
        used_at=None, withdrawn_at=None, expires_at__gt=at, user__is_active=True
    )


def _withdraw_open_links(user: User, at: datetime) -> int:
    """Withdraw a person's open links, expired ones too, and return how many there were."""
    return EnrolmentLink.objects.filter(user=user, used_at=None, withdrawn_at=None).update(
        withdrawn_at=at
    )
