"""Accounts as a force's directory has them: joiners, movers and leavers.

The directory says it by SCIM, by a CSV file or when somebody signs in through OpenID Connect. It
decides about an account from the first time that it writes to it; others, such as the first
administrator's, stay as they are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bluelamp.foundation.accounts.commands.lifecycle import (
    deactivate_account,
    find_roles,
    reactivate_account,
    set_roles,
)
from bluelamp.foundation.accounts.commands.opening import NewAccount, open_account
from bluelamp.foundation.accounts.directory import directory_users, role_mapping
from bluelamp.foundation.accounts.models import DirectoryAccount, DirectoryGroup, User
from bluelamp.foundation.accounts.role_mapping import roles_for_groups
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import Conflict, NotFound, Refused
from bluelamp.foundation.kernel.text import plain_characters


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectoryEntry:
    """Somebody as the directory has them.

    Attributes:
        roles: The names of roles that the directory gives them by name, besides those of groups.
        external_id: The directory's own id for them.
    """

    username: str
    name: str
    rank: str = ""
    collar: str = ""
    unit: str = ""
    email: str = ""
    external_id: str = ""
    is_active: bool = True
    roles: tuple[str, ...] = ()


@command(permission="account.manage", act="account.joined", category=Category.COLLECTION)
def add_directory_account(*, actor: Actor, at: datetime, entry: DirectoryEntry) -> UUID:
    """Open an account for somebody new in the directory, or reopen that of somebody who is back.

    Raises:
        Conflict: An account with that user name exists that the directory has not removed.
        Refused: A role is unknown, or the user name has characters that look like others.
    """
    _check_user_name(entry.username)
    # People type their user name in either case, so two that differ in it alone are one.
    user = User.objects.filter(username__iexact=entry.username).first()
    if user is None:
        find_roles(entry.roles)
        user = open_account(
            actor=actor,
            at=at,
            account=NewAccount(
                username=entry.username, name=entry.name, force=actor.force, roles=()
            ),
        )
    # An account that a member of staff opened is not the directory's to take over.
    elif not DirectoryAccount.objects.filter(user=user, removed_at__isnull=False).exists():
        raise Conflict("accounts.username_taken")
    _apply_entry(actor, at, user, entry)
    record_act(user, ref=user.username)
    return user.id


@command(permission="account.manage", act="account.moved")
def update_directory_account(
    *, actor: Actor, at: datetime, user_id: UUID, entry: DirectoryEntry
) -> None:
    """Change an account to what the directory says of the person now.

    Raises:
        NotFound: The directory has no such account.
        Conflict: The new user name is another's.
        Refused: A role is unknown, or the user name has characters that look like others.
    """
    user = _lock_user(actor, user_id)
    _check_user_name(entry.username)
    if User.objects.filter(username__iexact=entry.username).exclude(id=user.id).exists():
        raise Conflict("accounts.username_taken")
    _apply_entry(actor, at, user, entry)
    record_act(user, ref=user.username)


@command(permission="account.manage", act="account.left")
def remove_directory_account(*, actor: Actor, at: datetime, user_id: UUID) -> None:
    """Shut out somebody who is no longer in the directory. The account stays for the record.

    Raises:
        NotFound: The directory has no such account.
    """
    user = _lock_user(actor, user_id)
    directory = _directory_account(user)
    directory.removed_at = at
    directory.save()
    # Somebody who comes back gets the roles that the directory says then, not those of today.
    user.directory_groups.clear()
    if user.is_active:
        deactivate_account(actor=actor, at=at, user_ref=user.username)
    record_act(user, ref=user.username)


@command(permission="account.manage", act="account.directory_group_set")
def save_directory_group(
    *,
    actor: Actor,
    at: datetime,
    name: str,
    member_ids: Iterable[UUID],
    external_id: str = "",
    group_id: UUID | None = None,
) -> UUID:
    """Add a group of the directory, or change one, and give its members the roles that follow.

    Args:
        actor: The directory.
        at: The time.
        name: Its name, which the role mapping knows it by.
        member_ids: The ids of all its members.
        external_id: The directory's own id for it.
        group_id: The group to change; None to add one.

    Raises:
        NotFound: There is no such group.
        Conflict: Another group has the name.
        Refused: A member has no account.
    """
    group = _lock_group(group_id) if group_id else DirectoryGroup()
    if DirectoryGroup.objects.filter(name=name).exclude(id=group.id).exists():
        raise Conflict("accounts.group_name_taken")
    wanted = set(member_ids)
    members = list(directory_users(actor).filter(id__in=wanted))
    # Also where a member is another force's: `directory_users` leaves those out.
    if len(members) != len(wanted):
        raise Refused("accounts.member_unknown", field="members")
    before = set() if group.is_new else set(group.members.values_list("id", flat=True))
    name_changed = group.name != name
    group.name, group.external_id = name, external_id
    group.save()
    group.members.set(members)
    # Roles follow from the group's name, so a new name is news for every member; otherwise only for
    # those who came or went.
    # The symmetric difference is who came or went.
    affected = wanted | before if name_changed else wanted ^ before
    for user in User.objects.filter(id__in=affected).order_by("username"):
        _apply_roles(actor, at, user)
    record_act(group, ref=name, detail={"members": len(members)})
    return group.id


@command(permission="account.manage", act="account.directory_group_deleted")
def delete_directory_group(*, actor: Actor, at: datetime, group_id: UUID) -> None:
    """Delete a group, and take the roles that followed from it away from its members.

    Raises:
        NotFound: There is no such group.
    """
    group = _lock_group(group_id)
    # Before the group is deleted, and their membership with it. In one order, because each is
    # locked.
    members = list(group.members.order_by("username"))
    record_act(group, ref=group.name, detail={"members": len(members)})
    group.delete()
    for user in members:
        _apply_roles(actor, at, user)


def apply_groups_by_name(
    actor: Actor, at: datetime, user: User, group_names: Iterable[str]
) -> None:
    """Put somebody into exactly the groups that a provider's claim or a CSV row names.

    Only groups that the role mapping knows are kept. Part of a command.
    """
    # A directory has hundreds of groups, of which few mean anything here.
    names = set(group_names) & set(role_mapping())
    groups = [DirectoryGroup.objects.get_or_create(name=name)[0] for name in sorted(names)]
    user.directory_groups.set(groups)
    _apply_roles(actor, at, user)


def _lock_user(actor: Actor, user_id: UUID) -> User:
    user = directory_users(actor).filter(id=user_id).select_for_update(of=("self",)).first()
    if user is None:
        raise NotFound
    return user


def _lock_group(group_id: UUID) -> DirectoryGroup:
    group = DirectoryGroup.objects.filter(id=group_id).select_for_update().first()
    if group is None:
        raise NotFound
    return group


def _check_user_name(username: str) -> None:
    """Refuse a user name with invisible or look-alike characters: it could pass for another's."""
    if plain_characters(username) != username:
        raise Refused("accounts.username_not_plain", field="username")


def _directory_account(user: User) -> DirectoryAccount:
    return DirectoryAccount.objects.filter(user=user).first() or DirectoryAccount(user=user)


def _apply_entry(actor: Actor, at: datetime, user: User, entry: DirectoryEntry) -> None:
    find_roles(entry.roles)
    user.username = entry.username
    user.name = entry.name
    user.rank = entry.rank
    user.collar = entry.collar
    user.unit = entry.unit
    user.email = entry.email
    user.save()
    directory = _directory_account(user)
    directory.external_id = entry.external_id
    directory.roles = sorted(set(entry.roles))
    # The directory has somebody again whom it had removed.
    directory.removed_at = None
    directory.save()
    _apply_roles(actor, at, user)
    if entry.is_active and not user.is_active:
        reactivate_account(actor=actor, at=at, user_ref=user.username)
    # Only on a change: to deactivate an account twice is a conflict, and a directory repeats
    # itself.
    elif user.is_active and not entry.is_active:
        deactivate_account(actor=actor, at=at, user_ref=user.username)


def _apply_roles(actor: Actor, at: datetime, user: User) -> None:
    """Give an account the roles that the directory means, if they are not those it has."""
    directory = DirectoryAccount.objects.filter(user=user).first()
    groups = user.directory_groups.values_list("name", flat=True)
    wanted = set(directory.roles if directory else ()) | roles_for_groups(groups, role_mapping())
    # A directory repeats itself every night: only a change is worth an entry on the record.
    if wanted != set(user.roles.values_list("name", flat=True)):
        set_roles(actor=actor, at=at, user_ref=user.username, roles=tuple(sorted(wanted)))
