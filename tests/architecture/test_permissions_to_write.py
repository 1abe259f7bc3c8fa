"""A permission to see never writes anything but that somebody saw."""

import pytest

import bluelamp.urls  # noqa: F401 - imports every command
from bluelamp.foundation.audit.acts import DECLARED_ACTS, Act, Category

READING_VERBS = frozenset({"view", "search"})
# Why an act that writes goes with a permission to see.
ALLOWED: dict[str, str] = {}


def writes_with_permission_to_see(acts: list[Act]) -> set[str]:
    """Return the acts that alter or collect, and need a permission to see and no more."""
    return {
        act.act
        for act in acts
        if act.is_write
        and act.permission.rpartition(".")[2] in READING_VERBS
        and act.category not in {Category.CONSULTATION, Category.DISCLOSURE}
    }


def test_it_works() -> None:
    assert writes_with_permission_to_see(DECLARED_ACTS) == set(ALLOWED)


@pytest.mark.parametrize(
    ("permission", "category", "is_found"),
    [
        ("crime.view", Category.ALTERATION, True),
        ("crime.search", Category.COLLECTION, True),
        ("crime.view", Category.DISCLOSURE, False),
        ("crime.record", Category.COLLECTION, False),
    ],
)
def test_what_is_found(permission: str, category: str, is_found: bool) -> None:
    acts = [Act(permission, "crime.thing_done", category, is_write=True)]
    assert bool(writes_with_permission_to_see(acts)) is is_found
