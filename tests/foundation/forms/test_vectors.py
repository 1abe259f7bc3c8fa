"""The vectors that hold this engine and the officer app's to one meaning."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from bluelamp.foundation.forms.rules import (
    QuestionSet,
    read_answers,
    visible_pages,
    write_answers,
)
from bluelamp.foundation.forms.rules.conditions import compile_condition

VECTORS = Path(__file__).parents[3] / "contracts" / "vectors"


def _load(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
    return content


def _load_sets(content: dict[str, Any]) -> dict[str, QuestionSet]:
    return {
        name: QuestionSet.model_validate(question_set)
        for name, question_set in content["sets"].items()
    }


CONDITIONS, ANSWERS, PAGES = (_load(f"forms-{name}") for name in ("conditions", "answers", "pages"))
ANSWER_SETS, PAGE_SETS = _load_sets(ANSWERS), _load_sets(PAGES)


def _by_name(content: dict[str, Any]) -> Any:
    vectors = content["vectors"]
    names = [vector["name"] for vector in vectors]
    assert len(set(names)) == len(names)
    return pytest.mark.parametrize("vector", vectors, ids=names)


def test_it_works() -> None:
    assert len(CONDITIONS["vectors"]) > 60
    assert len(ANSWERS["vectors"]) > 70


@_by_name(CONDITIONS)
def test_condition(vector: dict[str, Any]) -> None:
    holds = compile_condition(vector["if"])(vector["values"], date.fromisoformat(vector["today"]))
    assert holds is vector["holds"]


@_by_name(ANSWERS)
def test_read_answers(vector: dict[str, Any]) -> None:
    question_set = ANSWER_SETS[vector["set"]]
    at = datetime.fromisoformat(vector["at"])
    answers = read_answers(question_set, vector["texts"], at=at)
    assert answers.all_values == vector["values"]
    assert [
        {"field": problem.field, "text": problem.text} for problem in answers.problems
    ] == vector["problems"]
    # What was read is written so that it is read again as the same.
    texts = write_answers(question_set, vector["values"])
    assert read_answers(question_set, texts, at=at).all_values == vector["values"]


@_by_name(PAGES)
def test_visible_pages(vector: dict[str, Any]) -> None:
    pages = visible_pages(
        PAGE_SETS[vector["set"]], vector["values"], today=date.fromisoformat(vector["today"])
    )
    assert [list(page) for page in pages] == vector["pages"]
