"""The engine stays small: lines of code, without comments, docstrings and blank lines."""

import ast
from pathlib import Path

import pytest

from bluelamp.foundation.forms import rules

FOLDER = Path(rules.__file__).parent
ANSWER_TYPES = {"text_types", "date_types"}
CHECKS_OF_FILES = {
    "parsing", "yaml_reader", "set_checks", "condition_checks", "json_schema",
}  # fmt: skip


def _count_lines(text: str) -> int:
    """Return the lines that hold code: those of every node of the syntax tree but docstrings."""
    docstrings: set[int] = set()
    code: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            docstrings |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        elif isinstance(node, ast.stmt | ast.expr | ast.alias | ast.arg | ast.keyword):
            code |= {node.lineno, node.end_lineno or node.lineno}
    return len(code - docstrings)


def _count_modules(names: set[str]) -> int:
    return sum(_count_lines((FOLDER / f"{name}.py").read_text("utf-8")) for name in names)


MODULES = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}


def test_it_works() -> None:
    text = '"""About."""\n\n# Why\ndef add(\n    a: int,\n) -> int:\n    """Add."""\n    return a\n'
    # The line of `def` and of its argument, the result's type, and the return.
    assert _count_lines(text) == 4
    assert MODULES > ANSWER_TYPES | CHECKS_OF_FILES


@pytest.mark.parametrize(
    ("names", "most"),
    [
        # What decides what is asked, and reads, writes and shows answers.
        (MODULES - ANSWER_TYPES - CHECKS_OF_FILES, 900),
        # What tells somebody who writes a set where it is wrong, and what to write instead.
        (CHECKS_OF_FILES, 650),
        (ANSWER_TYPES, 450),
    ],
    ids=["running", "checks-of-files", "answer-types"],
)
def test_size(names: set[str], most: int) -> None:
    assert _count_modules(names) <= most
