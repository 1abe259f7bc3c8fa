"""No row of a table that only grows is locked: the role that serves may not.

PostgreSQL lets only those lock a row who may change it. A test that runs the command shows it too;
this one finds it without.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

from bluelamp.foundation.accounts.policy import Policy
from tests.architecture.test_append_only import TABLES

ROOT = Path(__file__).resolve().parents[2]


def list_policies(base: type[Policy]) -> Iterator[type[Policy]]:  # type: ignore[type-arg]
    for policy in base.__subclasses__():
        if policy.__module__.startswith("bluelamp."):
            yield policy
            yield from list_policies(policy)


def test_it_works() -> None:
    """Each policy says rightly whether its table only grows."""
    wrong = [
        policy.__name__
        for policy in list_policies(Policy)
        if policy.only_grows != (policy.model._meta.db_table in TABLES)
    ]
    assert wrong == []


def test_no_command_locks_one_itself() -> None:
    names = {m.__name__ for m in apps.get_models() if m._meta.db_table in TABLES}
    found = []
    for path in (ROOT / "bluelamp").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            # Model.objects….select_for_update(…)
            if not (isinstance(node, ast.Attribute) and node.attr == "select_for_update"):
                continue
            used = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
            if used & names:
                found.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert found == []


def test_locks_by_name_are_taken_in_one_place() -> None:
    """So that two of them can never have one number by chance."""
    found = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "bluelamp").rglob("*.py")
        if "advisory_" in path.read_text()
    ]
    assert found == ["bluelamp/foundation/kernel/database/locks.py"]
