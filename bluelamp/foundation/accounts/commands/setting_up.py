"""Setting up the default roles and the organisations."""

from datetime import datetime

from bluelamp.foundation.accounts.models import Organisation, Role
from bluelamp.foundation.accounts.roles import ROLES
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor


@command(permission="account.manage", act="account.roles_set")
def create_default_roles(*, actor: Actor, at: datetime) -> None:
    """Create the roles a force starts with, and leave those that exist as the force has them."""
    for name, role in ROLES.items():
        Role.objects.get_or_create(
            name=name,
            defaults={
                "title": role.title,
                "held_by": role.held_by,
                "purpose": role.purpose,
                "permissions": sorted(role.permissions),
            },
        )
    record_act(None, ref="roles")


@command(permission="account.manage", act="account.organisation_set")
def create_organisation(
    *, actor: Actor, at: datetime, code: str, name: str, kind: str, force: str = ""
) -> Organisation:
    """Create an organisation, or return it as it is if its code exists.

    Args:
        actor: Who creates it.
        at: The time.
        code: A short name that stays the same, as in `cps`.
        name: Its full name.
        kind: One of `Organisation.Kind`.
        force: The PNC code of a police force; "" for any other kind.
    """
    organisation, _ = Organisation.objects.get_or_create(
        code=code, defaults={"name": name, "kind": kind, "force": force}
    )
    record_act(organisation, ref=code)
    return organisation
