"""A day is asked of the clock module, never of an instant: `at.date()` is the day in UTC, which for
an hour of each summer night is yesterday.
"""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
CLOCK = "bluelamp/foundation/kernel/clock.py"
# `.date()` where the instant was moved to London first, by file and how often. Each should become
# `london_date(at)`; nothing may be added.
STILL_ALLOWED = {
    "bluelamp/casework/casefiles/charging.py": 2,
    "bluelamp/casework/casefiles/commands/building.py": 1,  # in UTC: mend it
    "bluelamp/demo/story.py": 1,
    "bluelamp/web/desk/labels.py": 2,
    "bluelamp/web/desk/suspects.py": 2,
    "bluelamp/web/formats.py": 1,
    "bluelamp/web/jinja.py": 1,
    "bluelamp/web/public/report.py": 1,
}
SOURCES = sorted(
    path
    for folder in ("bluelamp", "sandbox")
    for path in (ROOT / folder).rglob("*.py")
    if path != ROOT / CLOCK
)


def days_of_instants(source: str) -> list[int]:
    """Return the lines that call `.date()` without arguments: only datetimes have such a method."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "date"
        and not node.args
        and not node.keywords
    ]


def test_it_works() -> None:
    allowed = dict(STILL_ALLOWED)
    refused = []
    for path in SOURCES:
        lines = days_of_instants(path.read_text(encoding="utf-8"))
        name = str(path.relative_to(ROOT))
        if len(lines) > allowed.get(name, 0):
            refused.append(f"{name}: {lines}")
    assert refused == [], "use london_date(at) of kernel/clock.py"


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("day = at.date()", [1]),
        ("day = now().astimezone(LONDON).date()", [1]),
        ("day = row.date", []),
        ("day = parse.date(text)", []),
        ("day = london_date(at)", []),
    ],
)
def test_what_is_refused(source: str, lines: list[int]) -> None:
    assert days_of_instants(source) == lines
