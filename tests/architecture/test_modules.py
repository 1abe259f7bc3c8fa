"""Short modules, writes only in commands, a handling for every model, a word for every model in the
glossary.
"""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCES = sorted(
    path
    for folder in ("bluelamp", "sandbox", "bench", "tests")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)
WRITES = {
    "create",
    "bulk_create",
    "get_or_create",
    "update_or_create",
    "bulk_update",
    "update",
    "delete",
    "save",
}
QUICK_WRITES = {"insert", "insert_if_new", "insert_soon"}
NOT_ROWS = {"piece.save"}  # the bytes of an upload, to its journal
OURS = [model for model in apps.get_models() if model.__module__.startswith("bluelamp.")]


def test_no_module_is_over_400_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): n
        for path in SOURCES
        if (n := len(path.read_text().splitlines())) > 400
    }
    assert long == {}


def _writes_tables(path: Path) -> list[str]:
    """Return the calls in a module that write a table: X.objects.create(…), queryset.update(…),
    row.save().
    """
    found: list[str] = []
    source = path.read_text()
    if ".models import" not in source and ".objects" not in source:
        return found  # a picture's or a file's `save` is no table's
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in QUICK_WRITES
        ):
            found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.func.id}")
        if not (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in WRITES
        ):
            continue
        on = ast.unparse(node.func.value)
        if ".objects" in on or node.func.attr in {
            "save",
            "bulk_create",
            "get_or_create",
            "update_or_create",
        }:
            if f"{on}.{node.func.attr}" in NOT_ROWS:
                continue
            found.append(f"{path.relative_to(ROOT)}:{node.lineno} {on}.{node.func.attr}")
    return found


def test_tables_are_written_only_by_commands() -> None:
    writes = []
    for path in SOURCES:
        inside = path.relative_to(ROOT)
        is_command = "commands" in inside.parts or inside.name == "commands.py"
        if inside.parts[0] == "bluelamp" and not is_command and "kernel" not in inside.parts:
            writes += _writes_tables(path)
    allowed = [line for line in writes if line.startswith("bluelamp/foundation/audit/acts.py")]
    assert sorted(set(writes) - set(allowed)) == []
    assert allowed, "the one writer of the audit record should be found"


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_model_states_its_handling(model: type) -> None:
    handling = model.handling  # type: ignore[attr-defined]
    assert handling.classification in {"OFFICIAL", "OFFICIAL-SENSITIVE"}
    assert handling.retention


def test_every_model_is_in_the_glossary() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text()
    words = {re.sub(r"(?<!^)(?=[A-Z])", " ", model.__name__).lower() for model in OURS}
    defined = {term.lower() for term in re.findall(r"^- \*\*(.+?)\*\*", glossary, re.MULTILINE)}
    assert sorted(words - defined) == []


def test_the_settings_are_those_that_are_documented() -> None:
    readers = [ROOT / "bluelamp" / "settings.py", ROOT / "tests" / "conftest.py"]
    settings = "".join(
        path.read_text() for path in [*readers, *(ROOT / "bluelamp" / "cli").glob("*.py")]
    )
    named = set(re.findall(r'"((?:BLUELAMP|DATABASE)_[A-Z0-9_]+|PORT)"', settings))
    documented = set(
        re.findall(
            r"^\| `([A-Z0-9_]+)`", (ROOT / "docs" / "how-to" / "settings.md").read_text(), re.M
        )
    )
    assert sorted(named ^ documented) == []
