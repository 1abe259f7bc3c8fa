"""A question set of the report has what the program acts on, or is refused."""

from datetime import datetime
from pathlib import Path

import pytest

from bluelamp.casework.reports.rules import find_unmet_requirements
from bluelamp.foundation.forms.built_in import QuestionSetFile, built_in_files
from bluelamp.foundation.forms.commands import load_question_set
from bluelamp.foundation.kernel.errors import Refused
from tests.cast import INSTALLER

REPORT = built_in_files()["report"].content


def test_it_works() -> None:
    assert find_unmet_requirements(built_in_files()["report"].question_set) == []


@pytest.mark.parametrize(
    ("right", "wrong", "sentence"),
    [
        ("      - id: contact\n", "      - id: reach\n", "the report needs the page `contact`"),
        ("      - id: check\n", "      - id: last\n", "the report needs the page `check`"),
        ("- id: place\n", "- id: somewhere\n", "the report needs the question `place`"),
        (
            "- id: is_declared_true\n",
            "- {id: first, type: declaration, label: First}\n          - id: is_declared_true\n",
            "the first question of the page `check` must be `is_declared_true`",
        ),
    ],
)
def test_what_is_missing(right: str, wrong: str, sentence: str) -> None:
    assert REPORT.count(right) == 1
    question_set = QuestionSetFile(REPORT.replace(right, wrong), {}).question_set
    assert sentence in find_unmet_requirements(question_set)


@pytest.mark.django_db
def test_it_is_not_loaded(at: datetime) -> None:
    example = Path(__file__).resolve().parents[3] / "docs" / "examples" / "lost-dog.yaml"
    content = example.read_text("utf-8").replace("name: lost-dog", "name: report")
    with pytest.raises(Refused, match="the report needs the page `where`"):
        load_question_set(actor=INSTALLER, at=at, file=QuestionSetFile(content, {}))
