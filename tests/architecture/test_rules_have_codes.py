"""Rules return codes. Their sentences are in `messages.py`, marked for translation."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
RULES = sorted(
    path
    for domain in ("casework", "records", "foundation")
    for path in (ROOT / "bluelamp" / domain).rglob("*.py")
    if path.name == "rules.py" or "rules" in path.parts
)
# A capital, then words that end in a full stop or run to four or more.
SENTENCE = re.compile(r"[A-Z][^.!?]*\s[^.!?]*[.!?]$|[A-Z]\w*(?:['’]\w+)?(?: [\w,'’(-]+\)?){3,}")


def sentences_in(source: str) -> list[str]:
    """Return the texts of a module that read as sentences.

    Docstrings and errors for programmers are left out.
    """
    tree = ast.parse(source)
    skipped = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))
        if isinstance(node, ast.Raise | ast.Assert):
            skipped.update(id(child) for child in ast.walk(node))
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in skipped
        and SENTENCE.fullmatch(node.value.strip())
    ]


@pytest.mark.parametrize("path", RULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_it_works(path: Path) -> None:
    assert sentences_in(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('x = "Enter what happened to you"', ["Enter what happened to you"]),
        ('x = "It is late."', ["It is late."]),
        ('x = "reports.narrative_missing"', []),
        ('"""A docstring is no message."""', []),
        ('raise ValueError("This is for the programmer only")', []),
        ('x = "Criminal damage"', []),
    ],
)
def test_what_it_finds(source: str, expected: list[str]) -> None:
    assert sentences_in(source) == expected
