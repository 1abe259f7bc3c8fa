"""Which roles the groups of a force's directory give. Pure."""

from collections.abc import Iterable, Mapping

RoleMapping = Mapping[str, tuple[str, ...]]
"""The names of roles by the name of the directory's group that gives them."""


def parse_role_mapping(text: str) -> dict[str, tuple[str, ...]]:
    """Read the setting BLUELAMP_DIRECTORY_ROLES.

    Args:
        text: `group name = role, role`, one on each line or with a semicolon between them. Empty
            lines and lines that begin with # don't count.

    Raises:
        ValueError: A line is not of that form, or a group stands in two of them.
    """
    mapping: dict[str, tuple[str, ...]] = {}
    for line in text.replace(";", "\n").splitlines():
        if not line.strip() or line.strip().startswith("#"):
            continue
        # The last "=": a group may be named by its distinguished name, as in CN=CID,OU=Groups.
        group, _, names = line.rpartition("=")
        roles = tuple(name.strip() for name in names.split(",") if name.strip())
        group = group.strip()
        if not group or not roles:
            raise ValueError(
                f"BLUELAMP_DIRECTORY_ROLES: {line.strip()!r} is not of the form"
                " 'group name = role, role'"
            )
        if group in mapping:
            raise ValueError(f"BLUELAMP_DIRECTORY_ROLES: the group {group!r} occurs twice")
        mapping[group] = roles
    return mapping


def roles_for_groups(groups: Iterable[str], mapping: RoleMapping) -> frozenset[str]:
    """Return the names of the roles that somebody in these groups holds.

    Groups that the mapping doesn't name give nothing: a directory has many more of them.
    """
    return frozenset(role for group in groups for role in mapping.get(group, ()))
