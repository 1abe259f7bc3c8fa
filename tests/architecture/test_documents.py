"""What the guides name is there: each file, and each function, class and constant."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
# For whoever changes the code. The other guides are for operators, and name what is not in it.
GUIDES = [
    ROOT / "ARCHITECTURE.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "docs" / "how-to" / "add-an-event-or-a-job.md",
    ROOT / "docs" / "how-to" / "write-a-question-set.md",
]
FOLDERS = ("bluelamp", "tests", "sandbox", "contracts", "docs", "officer-app", "bench", "ops")
# Placeholders that the guides themselves fill in.
EXAMPLES = {"confirm_report"}


def _quoted(guide: Path) -> set[str]:
    """Return what a guide has in backticks, without what stands for something else."""
    texts = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", guide.read_text(), flags=re.DOTALL))
    return {text for text in texts if not re.search(r"[<…*]", text)}


@pytest.fixture(scope="module")
def words() -> set[str]:
    """Every word of the code."""
    sources = [*(ROOT / "bluelamp").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    return {word for path in sources for word in re.findall(r"\w+", path.read_text())}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_it_works(guide: Path) -> None:
    paths = {
        text for text in _quoted(guide) if text.startswith(tuple(f"{name}/" for name in FOLDERS))
    }
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_each_name_is_in_the_code(guide: Path, words: set[str]) -> None:
    names = {
        text.removesuffix("()")
        for text in _quoted(guide)
        if re.fullmatch(r"_?[A-Za-z]+_\w+(\(\))?|[A-Z][a-z]+[A-Z]\w+", text)
    }
    # Settings are held to their own list, in test_modules.py.
    names = {name for name in names if not name.startswith(("BLUELAMP_", "DATABASE_"))}
    assert sorted(names - words - EXAMPLES) == []
