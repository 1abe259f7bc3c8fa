"""What a force's directory sees and may write: the accounts of its own police, and its groups."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from bluelamp.foundation.accounts.hashing import hash_token
from bluelamp.foundation.accounts.models import DirectoryGroup, DirectoryToken, Organisation, User
from bluelamp.foundation.accounts.role_mapping import RoleMapping, parse_role_mapping
from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectoryUserDetail:
    """An account as the directory knows it.

    Attributes:
        roles: Only the roles that the directory named itself, without those of its groups.
        is_managed: The directory has written to the account before.
    """

    id: UUID
    username: str
    name: str
    rank: str
    collar: str
    unit: str
    email: str
    external_id: str
    is_active: bool
    roles: tuple[str, ...]
    groups: tuple[tuple[UUID, str], ...]
    is_managed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class DirectoryGroupDetail:
    """A group of the directory, with the ids of its members."""

    id: UUID
    name: str
    external_id: str
    member_ids: tuple[UUID, ...]


def directory_actor(*, force: str, client: str, address: str = "") -> Actor:
    """Return the actor that a force's directory is.

    Args:
        force: The PNC code of the force.
        client: The name of the token, file or provider through which the directory speaks.
        address: The network address it calls from.
    """
    actor = Actor.system(f"directory ({client})", force=force, permissions={"account.manage"})
    return replace(actor, address=address)


def find_token_client(*, token: str, at: datetime) -> str | None:
    """Return the name of the client whose token this is, or None if it is no good token now."""
    row = DirectoryToken.objects.filter(
        token_hash=hash_token(token), revoked_at=None, expires_at__gt=at
    ).first()
    return row.name if row else None


def role_mapping() -> RoleMapping:
    """Return the force's mapping of its directory's groups to roles.

    Raises:
        ValueError: The setting is not as it must be. A system check finds this at start.
    """
    return parse_role_mapping(settings.BLUELAMP_DIRECTORY_ROLES)


def directory_users(actor: Actor) -> QuerySet[User]:
    """Return the police accounts of the actor's force that the directory has not removed."""
    # Prosecutors have accounts here too, which a force's directory knows nothing of.
    return User.objects.filter(
        force=actor.force,
        organisation__kind=Organisation.Kind.POLICE,
        directory__removed_at__isnull=True,
    )


@lookup(permission="account.manage", act="account.directory_listed")
def list_directory_accounts(
    *, actor: Actor, at: datetime, username: str = "", user_id: UUID | None = None
) -> list[DirectoryUserDetail]:
    """Return the accounts that the directory may write, by user name.

    Args:
        actor: The directory.
        at: The time.
        username: Only the account with this user name, in whatever case; "" for all.
        user_id: Only the account with this id; None for all.
    """
    users = directory_users(actor).select_related("directory").prefetch_related("directory_groups")
    if username:
        # RFC 7643: a user name is compared without regard to case.
        users = users.filter(username__iexact=username)
    if user_id:
        users = users.filter(id=user_id)
    accounts = [_to_user_detail(user) for user in users.order_by("username")]
    record_act(None, ref=username or str(user_id or ""), detail={"accounts": len(accounts)})
    return accounts


@lookup(permission="account.manage", act="account.directory_groups_listed")
def list_directory_groups(
    *, actor: Actor, at: datetime, group_id: UUID | None = None
) -> list[DirectoryGroupDetail]:
    """Return the directory's groups by name; only the one with an id, if one is given."""
    groups = DirectoryGroup.objects.prefetch_related("members").order_by("name")
    if group_id:
        groups = groups.filter(id=group_id)
    details = [
        DirectoryGroupDetail(
            id=group.id,
            name=group.name,
            external_id=group.external_id,
            member_ids=tuple(sorted(user.id for user in group.members.all())),
        )
        for group in groups
    ]
    record_act(None, ref=str(group_id or ""), detail={"groups": len(details)})
    return details


def get_directory_account(*, actor: Actor, at: datetime, user_id: UUID) -> DirectoryUserDetail:
    """Return one account that the directory may write.

    Raises:
        NotFound: It has no such account.
    """
    accounts = list_directory_accounts(actor=actor, at=at, user_id=user_id)
    if not accounts:
        raise NotFound
    return accounts[0]


def get_directory_group(*, actor: Actor, at: datetime, group_id: UUID) -> DirectoryGroupDetail:
    """Return one group of the directory.

    Raises:
        NotFound: It has no such group.
    """
    groups = list_directory_groups(actor=actor, at=at, group_id=group_id)
    if not groups:
        raise NotFound
    return groups[0]


def _to_user_detail(user: User) -> DirectoryUserDetail:
    # An account that was opened by hand has none.
    directory = getattr(user, "directory", None)
    return DirectoryUserDetail(
        id=user.id,
        username=user.username,
        name=user.name,
        rank=user.rank,
        collar=user.collar,
        unit=user.unit,
        email=user.email,
        external_id=directory.external_id if directory else "",
        is_active=user.is_active,
        roles=tuple(directory.roles) if directory else (),
        is_managed=directory is not None,
        groups=tuple(sorted((group.id, group.name) for group in user.directory_groups.all())),
    )
