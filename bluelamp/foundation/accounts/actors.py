"""From an account, or from nobody's, to an actor."""

from bluelamp.foundation.accounts.models import User
from bluelamp.foundation.accounts.registry import public_permissions
from bluelamp.foundation.kernel.actor import Actor, OrganisationKind


def user_actor(user: User, *, address: str = "", reason: str = "") -> Actor:
    """Return the actor that a signed-in person is, with the permissions of all their roles.

    Args:
        user: The account.
        address: The network address they act from.
        reason: The justification they gave for what they are about to look at.
    """
    permissions: set[str] = set()
    for names in user.roles.values_list("permissions", flat=True):
        permissions.update(names)
    return Actor(
        kind="person",
        id=user.id,
        name=user.display_name,
        force=user.force,
        permissions=frozenset(permissions),
        organisation=user.organisation.code,
        organisation_kind=OrganisationKind(user.organisation.kind),
        collar=user.collar,
        rank=user.rank,
        unit=user.unit,
        address=address,
        reason=reason,
    )


def public_actor(*, address: str = "", force: str = "01") -> Actor:
    """Return the actor for somebody without an account.

    Args:
        address: The network address they act from.
        force: The PNC code of the force whose site they use.
    """
    return Actor(
        kind="public",
        id=None,
        name="Member of the public",
        force=force,
        permissions=public_permissions(),
        organisation="public",
        organisation_kind=OrganisationKind.PUBLIC,
        address=address,
    )
