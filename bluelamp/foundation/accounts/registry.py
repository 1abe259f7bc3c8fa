"""All permissions, collected at start from the `permissions.py` of each app.

Such a module holds `PERMISSIONS`, a tuple of `Permission`. Nothing else is needed to add one,
except a command or lookup that asks for it (a system check refuses one that guards nothing) and,
unless only the public or the program itself needs it, a role that holds it (`roles.py`).
"""

from collections.abc import Iterable, Mapping
from importlib import import_module
from types import MappingProxyType

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import module_has_submodule

from bluelamp.foundation.kernel.permission import Permission

_permissions: dict[str, Permission] = {}


def collect_permissions() -> None:
    """Register what every app of this project declares. Called once, when apps are ready."""
    for config in apps.get_app_configs():
        if config.name.startswith("bluelamp.") and module_has_submodule(
            config.module, "permissions"
        ):
            register_permissions(import_module(f"{config.name}.permissions").PERMISSIONS)


def register_permissions(permissions: Iterable[Permission]) -> None:
    """Add permissions to the registry.

    Raises:
        ImproperlyConfigured: if another permission of that name is registered.
    """
    for permission in permissions:
        if _permissions.setdefault(permission.name, permission) != permission:
            raise ImproperlyConfigured(f"the permission {permission.name} is declared twice")


def all_permissions() -> Mapping[str, Permission]:
    """Return every permission by its name."""
    return MappingProxyType(_permissions)


def public_permissions() -> frozenset[str]:
    """Return the names of the permissions that members of the public hold."""
    return frozenset(
        permission.name for permission in _permissions.values() if permission.is_public
    )
