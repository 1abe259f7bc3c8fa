"""What `make audit` makes of the answers of pip-audit and npm."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.dependency_audit import (
    LOCK_FILES,
    REQUIREMENTS,
    ROOT,
    node_faults,
    python_faults,
    read_pins,
)

PINS = {"django": "5.2.1", "zope-interface": "7.0"}
CLEAN: list[dict[str, Any]] = [
    {"name": "Django", "version": "5.2.1", "vulns": []},
    {"name": "zope.interface", "version": "7.0", "vulns": []},
]
LOCK = json.dumps({"packages": {"": {}, "node_modules/lit": {}, "node_modules/idb": {}}})


def of_python(rows: list[dict[str, Any]]) -> list[str]:
    return list(python_faults(PINS, json.dumps({"dependencies": rows, "fixes": []})))


def of_node(total: int, vulnerabilities: dict[str, Any]) -> list[str]:
    answer = {"metadata": {"dependencies": {"total": total}}, "vulnerabilities": vulnerabilities}
    return list(node_faults(LOCK, json.dumps(answer)))


def test_it_works() -> None:
    assert of_python(CLEAN) == []
    assert of_node(2, {}) == []


def test_a_known_fault() -> None:
    fault = {"id": "CVE-2026-1", "fix_versions": ["5.2.2"]}
    assert of_python([{**CLEAN[0], "vulns": [fault]}, CLEAN[1]]) == [
        "django 5.2.1: CVE-2026-1, mended in 5.2.2"
    ]
    assert of_node(2, {"lit": {"range": "<4", "severity": "high"}}) == ["lit <4: high"]


@pytest.mark.parametrize(
    "rows",
    [
        [],
        CLEAN[:1],
        [CLEAN[0], {"name": "zope.interface", "skip_reason": "not found on PyPI"}],
        [CLEAN[0], {**CLEAN[1], "version": "8.0"}],
    ],
)
def test_what_was_not_audited_is_a_fault(rows: list[dict[str, Any]]) -> None:
    """pip-audit exits 0 in each of these cases."""
    assert any("was not audited" in fault for fault in of_python(rows))


@pytest.mark.parametrize("answer", ["", "No known vulnerabilities found", "{}", "[]", "null"])
def test_no_answer_is_a_fault(answer: str) -> None:
    assert list(python_faults(PINS, answer)) == ["pip-audit gave no answer"]
    assert list(node_faults(LOCK, answer)) == ["npm audit gave no answer"]


def test_npm_that_audited_nothing_is_a_fault() -> None:
    assert of_node(0, {}) == ["npm audited 0 of 2 packages"]


@pytest.mark.parametrize("path", REQUIREMENTS)
def test_every_library_is_pinned_with_its_hash(path: str) -> None:
    text = (ROOT / path).read_text()
    pins = read_pins(text)
    assert pins["django"].startswith("5.2.")
    # A pin's line goes on with its hashes.
    names = [line for line in text.splitlines() if line and line[0].isalnum()]
    assert len(names) == len(pins)
    assert all(line.rstrip().endswith("\\") for line in names)
    assert text.count("--hash=sha256:") >= len(pins)
    # No other index may answer for a name.
    assert "index-url" not in text


@pytest.mark.parametrize("path", LOCK_FILES)
def test_every_package_of_node_has_its_hash(path: str) -> None:
    packages = json.loads((ROOT / path).read_text())["packages"]
    assert [name for name, row in packages.items() if name and not row.get("integrity")] == []


def test_the_inventory_is_documented() -> None:
    document = Path(ROOT / "docs" / "security" / "dependencies.md").read_text()
    for path in (*REQUIREMENTS, *LOCK_FILES):
        assert path.split("/")[0] in document
