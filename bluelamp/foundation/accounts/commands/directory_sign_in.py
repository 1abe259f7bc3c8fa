"""Signing in through the OpenID Connect provider of a force's directory."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from bluelamp.foundation.accounts.commands.provisioning import (
    DirectoryEntry,
    add_directory_account,
    apply_groups_by_name,
)
from bluelamp.foundation.accounts.directory import directory_users, role_mapping
from bluelamp.foundation.accounts.models import DirectoryAccount, User
from bluelamp.foundation.accounts.role_mapping import roles_for_groups
from bluelamp.foundation.audit.acts import Category, command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotPermitted


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectoryIdentity:
    """Who somebody is by a provider's ID token, after its signature was checked.

    Attributes:
        issuer: The provider.
        subject_id: What the provider calls the person: with the issuer, the only sure identity.
        directory_id: The directory's own id, where the token has one besides (Microsoft's `oid`).
        user_ref: The user name.
        groups: The names of the directory's groups; None if the token says nothing of groups.
    """

    issuer: str
    subject_id: str
    directory_id: str = ""
    user_ref: str = ""
    name: str = ""
    email: str = ""
    groups: tuple[str, ...] | None = None


@command(permission="account.manage", act="account.matched")
def match_directory_identity(*, actor: Actor, at: datetime, identity: DirectoryIdentity) -> UUID:
    """Return the account of somebody whom the provider vouches for, as the directory has it now.

    Somebody new whose groups give a role gets an account. Somebody whose groups have changed gets
    the roles that follow. This is a command of its own, so that roles which were taken away stay
    away although the sign-in that follows is refused.

    Args:
        actor: The directory.
        at: The time.
        identity: Who they are.

    Raises:
        NotPermitted: No account is theirs, and their groups give no role.
    """
    user = _find_user(actor, identity) or _add_user(actor, at, identity)
    # Two sign-ins of one person at once would both write who they are at the provider.
    directory = DirectoryAccount.objects.select_for_update().get(user=user)
    directory.issuer, directory.subject = identity.issuer, identity.subject_id
    directory.save()
    # None is that the provider sends no groups, and () that the person is in none.
    if identity.groups is not None:
        apply_groups_by_name(actor, at, user, identity.groups)
    record_act(user, ref=user.username, detail={"groups": sorted(identity.groups or ())})
    return user.id


@command(permission="account.sign_in", act="account.signed_in", category=Category.CONSULTATION)
def sign_in_with_directory(*, actor: Actor, at: datetime, user_id: UUID) -> User:
    """Return the user whom the provider vouches for.

    Raises:
        NotPermitted: The account is closed, or holds no role.
    """
    user = (
        User.objects.select_related("organisation")
        .filter(id=user_id, is_active=True, directory__removed_at__isnull=True)
        .first()
    )
    # The provider vouches for anybody at the force. Without a role they have no business here.
    if user is None or not user.roles.exists():
        raise NotPermitted("There is no open account with a role.")
    record_act(user, ref=user.username, detail={"method": "directory"})
    return user


def _find_user(actor: Actor, identity: DirectoryIdentity) -> User | None:
    """Return the account by the provider's id; at first sign-in by the directory's id.

    Never by the user name or e-mail address: a provider may give somebody another's.
    """
    users = directory_users(actor)
    known = users.filter(directory__issuer=identity.issuer, directory__subject=identity.subject_id)
    if user := known.first():
        return user
    ids = [text for text in (identity.subject_id, identity.directory_id) if text]
    return users.filter(directory__subject="", directory__external_id__in=ids).first()


def _add_user(actor: Actor, at: datetime, identity: DirectoryIdentity) -> User:
    if not roles_for_groups(identity.groups or (), role_mapping()):
        raise NotPermitted("The directory gives them no role.")
    username = identity.user_ref
    # Without regard to case: "Ada" beside "ada" would be taken for the same person by everybody
    # else.
    if not username or User.objects.filter(username__iexact=username).exists():
        raise NotPermitted("The user name is missing, or is that of another account.")
    entry = DirectoryEntry(
        username=username[:60],
        name=(identity.name or username)[:120],
        email=identity.email[:254],
        external_id=identity.directory_id or identity.subject_id,
    )
    user_id = add_directory_account(
        actor=replace(actor, permissions=frozenset({"account.manage"})), at=at, entry=entry
    )
    return User.objects.get(id=user_id)
