"""Setting up the default roles and the organisations."""

from datetime import datetime

from bluelamp.foundation.accounts.models import Organisation, Role
from bluelamp.foundation.accounts.roles import ROLES
from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor


@command(permission="account.manage", act="account.roles_set")
def create_default_roles(*, actor: Actor, at: datetime) -> None:
    """Create the default roles that are missing, and give the others their new permissions.

    A role that exists is otherwise left as the force has it: a default permission is given to it
    once, so that one which the force took away stays away.
    """
    detail, new = {}, []
    existing = Role.objects.in_bulk(list(ROLES), field_name="name")
    for name, role in ROLES.items():
        added = sorted(role.permissions)
        if name in existing:
            added = _offer_new_permissions(existing[name], role.permissions)
        else:
            new.append(
                Role(
                    name=name,
                    title=role.title,
                    held_by=role.held_by,
                    purpose=role.purpose,
                    permissions=added,
                    offered_permissions=added,
                )
            )
        if added:
            detail[name] = added
    # Another process may be starting at the same moment: the roles that it made stay.
    Role.objects.bulk_create(new, ignore_conflicts=True)
    record_act(None, ref="roles", detail={"added": detail})


def are_default_roles_current() -> bool:
    """Say whether each default role exists and was offered all of its default permissions."""
    offered = dict(Role.objects.values_list("name", "offered_permissions"))
    return all(
        name in offered and role.permissions <= set(offered[name]) for name, role in ROLES.items()
    )


def _offer_new_permissions(row: Role, defaults: frozenset[str]) -> list[str]:
    """Give a role the default permissions that it was never offered, and return them."""
    # Once each: what a force took away is not given again at the next start.
    new = sorted(defaults - set(row.offered_permissions))
    if new:
        row.permissions = sorted({*row.permissions, *new})
        row.offered_permissions = sorted({*row.offered_permissions, *new})
        row.save(update_fields=["permissions", "offered_permissions"])
    return new


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
