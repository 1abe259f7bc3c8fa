"""`docs/security/asvs.md` answers every requirement of ASVS 5.0, with tests that exist."""

import ast
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "security" / "asvs.md"
LIST = Path(__file__).with_name("asvs_5_0_0.csv")
TARGET_LEVEL = 2
STATES = ("met", "partly", "not", "does not apply")
MIN_REASON_LENGTH = 15
_ROW = re.compile(
    r"\| (?P<number>V\d+\.\d+\.\d+) \| (?P<level>\d) \| (?P<title>[^|]+) "
    r"\| (?P<state>[^|]+) \| (?P<answer>[^|]+) \|"
)
_CITATION = re.compile(r"`((?:tests|officer-app/tests)/[^`\s]+)`")
# A document that a row points to: its path, or the number of a decision.
_DOCUMENT_PATH = re.compile(r"\bdocs/[\w./-]*\w")
_VITEST = re.compile(r"\bit\(\s*(['\"`])(?P<title>.*?)\1", re.DOTALL)


@dataclass(frozen=True)
class Row:
    """A line of the document: a requirement, how far it is met, and the test or the reason."""

    number: str
    level: int
    title: str
    state: str
    answer: str

    @property
    def citations(self) -> list[str]:
        """Return the tests that the row names."""
        return _CITATION.findall(self.answer)

    @property
    def reason(self) -> str:
        """Return what the row says besides its tests."""
        return _CITATION.sub("", self.answer).strip(" ,;.")


def read_rows(text: str) -> list[Row]:
    """Return the rows of a document. A line that begins like one and is none is a fault."""
    rows = []
    for line in text.splitlines():
        if line.startswith("| V"):
            match = _ROW.fullmatch(line)
            assert match, f"This line is no row: {line}"
            fields = {name: value.strip() for name, value in match.groupdict().items()}
            level = int(fields.pop("level"))
            rows.append(Row(level=level, **fields))
    return rows


def required() -> dict[str, int]:
    """Return the level of every requirement of the standard."""
    lines = [line for line in LIST.read_text().splitlines() if not line.startswith("#")]
    return {row["requirement"]: int(row["level"]) for row in csv.DictReader(lines)}


def faults(row: Row) -> Iterator[str]:
    """Yield what is wrong with a row."""
    if row.state not in STATES:
        yield f"the state is {row.state!r}, none of {STATES}"
    if row.level <= TARGET_LEVEL and row.state == "not":
        yield "a requirement of our level is not met"
    if row.state != "met" and len(row.reason) < MIN_REASON_LENGTH:
        yield "there is no reason"
    if row.state == "met" and not row.citations and len(row.reason) < MIN_REASON_LENGTH:
        yield "there is neither a test nor a reason"
    for path in _DOCUMENT_PATH.findall(row.answer):
        if not [*ROOT.glob(f"{path}*")]:
            yield f"there is no {path}"
    if "HOLD" in row.answer:
        yield "the row is still open"
    for citation in row.citations:
        if not exists(citation):
            yield f"there is no {citation}"


@cache
def exists(citation: str) -> bool:
    """Say whether a test exists: `path`, `path::name`, `path::name[id]`, or one of vitest's."""
    path, _, name = citation.partition("::")
    if not (ROOT / path).is_file():
        return False
    if not name:
        return True
    source = (ROOT / path).read_text()
    if path.endswith(".ts"):
        return name in {match["title"].replace(" ", "_") for match in _VITEST.finditer(source)}
    function = name.partition("[")[0]
    return function in {
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def test_it_works() -> None:
    rows = read_rows(DOCUMENT.read_text())
    problems = [f"{row.number}: {fault}" for row in rows for fault in faults(row)]
    assert not problems, "\n".join(problems)


def test_every_requirement_is_answered_once_with_its_level() -> None:
    rows = read_rows(DOCUMENT.read_text())
    assert [(row.number, row.level) for row in rows] == list(required().items())


def test_the_list_is_the_whole_standard() -> None:
    levels = list(required().values())
    assert (len(levels), levels.count(1), levels.count(2), levels.count(3)) == (345, 70, 183, 92)


def test_no_text_of_the_standard_is_copied() -> None:
    """Its texts begin with "Verify that": ours are a few words of our own."""
    rows = read_rows(DOCUMENT.read_text())
    assert not [row.number for row in rows if "verify that" in row.title.lower()]
    assert "CC BY-SA 4.0" in DOCUMENT.read_text()


@pytest.mark.parametrize(
    ("state", "answer", "fault"),
    [
        ("met", "`tests/architecture/test_asvs.py::test_nowhere`", "there is no tests/"),
        ("met", "`tests/nowhere.py`", "there is no tests/"),
        ("met", "`officer-app/tests/sync.test.ts::nothing`", "there is no officer-app/"),
        ("met", "Yes.", "neither a test nor a reason"),
        ("partly", "`tests/architecture/test_asvs.py::test_it_works`", "there is no reason"),
        ("does not apply", "", "there is no reason"),
        ("not", "We have not built it, and say so here.", "is not met"),
        ("met", "It is all in docs/security/nowhere.md.", "there is no docs/"),
        ("mostly", "It does nearly everything that is asked.", "the state is"),
    ],
)
def test_what_it_finds(state: str, answer: str, fault: str) -> None:
    row = Row(number="V1.1.1", level=2, title="Decode once", state=state, answer=answer)
    assert any(fault in found for found in faults(row))


def test_what_it_accepts() -> None:
    cited = "`tests/architecture/test_asvs.py::test_it_works`, `tests/architecture/test_asvs.py`"
    assert not list(faults(Row("V1.1.1", 2, "Decode once", "met", cited)))
    assert not list(faults(Row("V1.1.1", 3, "Later", "not", "Planned with the next release.")))


def test_a_malformed_row_is_a_fault() -> None:
    with pytest.raises(AssertionError, match="is no row"):
        read_rows("| V1.1.1 | 2 | Decode once | met |")
