"""The guide to question sets names every key and every type, and its examples work."""

import re
from pathlib import Path

import pytest

from bluelamp.foundation.forms.built_in import read_file
from bluelamp.foundation.forms.rules import answer_type_names, parse_question_set
from bluelamp.foundation.forms.rules.question_set import (
    Check,
    Choice,
    Covers,
    Note,
    Page,
    Question,
    QuestionSet,
    Repeat,
    Section,
    SetPart,
    Thing,
)
from bluelamp.foundation.forms.rules.set_checks import ERROR_NAMES
from bluelamp.records.reference.rules import IDENTIFIER_PARSERS

DOCS = Path(__file__).resolve().parents[3] / "docs"
GUIDE = (DOCS / "how-to" / "write-a-question-set.md").read_text()
CODE = set(re.findall(r"[a-z][a-z_]*", " ".join(re.findall(r"`+[^`]+`+", GUIDE))))


def test_it_works() -> None:
    (example,) = (
        block
        for block in re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
        if "sections:" in block
    )
    assert parse_question_set(example).question("story").label == "What happened?"


@pytest.mark.parametrize(
    "part",
    [Check, Choice, Covers, Note, Page, Question, QuestionSet, Repeat, Section, Thing],
    ids=lambda part: part.__name__,
)
def test_every_key_is_in_the_guide(part: type[SetPart]) -> None:
    keys = {field.alias or name for name, field in part.model_fields.items()}
    assert sorted(keys - CODE) == []


def test_every_type_is_in_the_guide() -> None:
    assert [name for name in answer_type_names() if f"| `{name}` |" not in GUIDE] == []
    assert [name for name in IDENTIFIER_PARSERS if f"{{scheme: {name}}}" not in GUIDE] == []


def test_every_error_of_the_guide_can_be_worded() -> None:
    section = GUIDE.partition("For `errors`, the names are these.")[2].partition("##")[0]
    rows = [line.split("|") for line in section.splitlines() if line.startswith("| ")]
    names = [name for row in rows for name in re.findall(r"`([a-z_]+)`", row[2])]
    assert len(names) > 20
    listed = " ".join(ERROR_NAMES.values()).split()
    known = {name.format(scheme=scheme) for name in listed for scheme in IDENTIFIER_PARSERS}
    assert [name for name in names if name not in known] == []


@pytest.mark.parametrize("path", sorted((DOCS / "examples").glob("*.yaml")), ids=lambda p: p.name)
def test_the_examples_are_valid(path: Path) -> None:
    if "." not in path.stem:
        assert read_file(path).question_set.name == path.stem
