"""System checks: roles and acts name only permissions that exist, and each permission is used."""

from importlib import import_module
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import module_has_submodule

from bluelamp.foundation.accounts.directory import role_mapping
from bluelamp.foundation.accounts.registry import all_permissions
from bluelamp.foundation.accounts.roles import ROLES
from bluelamp.foundation.audit.acts import DECLARED_ACTS


@register()
def check_permissions(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Return an error for each unknown permission, and for each permission that guards nothing.

    The names in roles that a force has changed are rows, and are not read here: checks run before
    there is a database.
    """
    _import_acts()
    declared = set(all_permissions())
    errors: list[CheckMessage] = [
        Error(f"the role {name} has the unknown permission {permission}", id="accounts.E001")
        for name, role in ROLES.items()
        for permission in sorted(role.permissions - declared)
    ]
    errors += [
        Error(f"{act.act} asks for the unknown permission {act.permission}", id="accounts.E002")
        for act in DECLARED_ACTS
        if act.permission not in declared
    ]
    guarding = {act.permission for act in DECLARED_ACTS}
    errors += [
        Error(
            f"no command or lookup asks for the permission {permission}",
            hint="Delete it, or name it in the @command or @lookup that it should guard. If one"
            " names it already, import that function in the package's __init__.py.",
            id="accounts.E003",
        )
        for permission in sorted(declared - guarding)
    ]
    return errors


@register()
def check_role_mapping(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Return an error where the mapping of the directory's groups to roles cannot be read."""
    try:
        role_mapping()
    except ValueError as fault:
        return [Error(str(fault), id="accounts.E004")]
    return []


def _import_acts() -> None:
    """Import every app's commands and lookups, so that all acts are declared."""
    for config in apps.get_app_configs():
        for name in ("commands", "lookups"):
            if config.name.startswith("bluelamp.") and module_has_submodule(config.module, name):
                import_module(f"{config.name}.{name}")
