"""The engine stays small: lines of code, without comments, docstrings and blank lines."""

import ast
import io
import tokenize
from collections.abc import Iterable
from pathlib import Path

import pytest

from bluelamp.foundation import forms as engine
from bluelamp.web import forms as pages

ENGINE, PAGES = (Path(package.__path__[0]) for package in (engine, pages))
RULES = ENGINE / "rules"
CHECKS_OF_FILES = {
    RULES / f"{name}.py" for name in ("parsing", "yaml_reader", "set_checks", "condition_checks")
}
NO_CODE = {
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
    tokenize.ENDMARKER,
}  # fmt: skip


def _count_lines(text: str) -> int:
    """Return how many lines hold code: a bracket alone on its line is one, a docstring is none."""
    docstrings = {
        line
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    code = {
        line
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type not in NO_CODE
        for line in range(token.start[0], token.end[0] + 1)
    }
    return len(code - docstrings)


def _count_modules(paths: Iterable[Path]) -> int:
    return sum(_count_lines(path.read_text("utf-8")) for path in paths)


def test_it_works() -> None:
    text = '"""About."""\n\n# Why\ndef add(\n    a: int,\n) -> int:\n    """Add."""\n    return a\n'
    # `def`, its argument, the result's type, and the return.
    assert _count_lines(text) == 4
    assert set(RULES.glob("*.py")) > CHECKS_OF_FILES


@pytest.mark.parametrize(
    ("paths", "most"),
    [
        # What decides what is asked, and reads, writes and shows every type of answer.
        (set(RULES.glob("*.py")) - CHECKS_OF_FILES - {RULES / "__init__.py"}, 1_200),
        # What tells somebody who writes a set where it is wrong, and what to write instead.
        (CHECKS_OF_FILES, 620),
        # Versions and drafts in the database, commands, sentences, and whose draft a code is for.
        (set(ENGINE.rglob("*.py")) - set(ENGINE.glob("migrations/*")) - set(RULES.glob("*")), 515),
        # The pages of forms, the same at every front end, and the link beside a banner.
        (set(PAGES.glob("*.py")), 681),
    ],
    ids=["running", "checks-of-files", "storing", "pages"],
)
def test_size(paths: set[Path], most: int) -> None:
    assert _count_modules(paths) <= most
