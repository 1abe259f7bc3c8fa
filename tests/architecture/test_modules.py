"""Short modules, a handling and a glossary entry for every model, documented settings."""

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
OURS = [model for model in apps.get_models() if model.__module__.startswith("bluelamp.")]


def test_no_module_is_over_400_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): n
        for path in SOURCES
        if (n := len(path.read_text().splitlines())) > 400
    }
    assert long == {}


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_model_states_its_handling(model: type) -> None:
    handling = model.handling  # type: ignore[attr-defined]
    assert handling.classification in {"OFFICIAL", "OFFICIAL-SENSITIVE"}
    assert handling.retention


def test_every_model_is_in_the_glossary() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text()
    words = {re.sub(r"(?<!^)(?=[A-Z])", " ", model.__name__).lower() for model in OURS}
    defined = {term.lower() for term in re.findall(r"^- \*\*(.+?)\*\*", glossary, re.MULTILINE)}
    missing = sorted(words - defined)
    assert not missing, missing


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
