"""An empty place leads to the field that people fill in first."""

from datetime import datetime

from bluelamp.foundation.forms.rules import parse_question_set, read_answers
from bluelamp.records.reference.rules import answer_types as _answer_types  # noqa: F401
from bluelamp.web.forms.pages import html_errors

SET = """
name: lost-property
version: 1
title: Report lost property
sections:
  - id: thing
    title: Where
    pages:
      - id: where
        title: Where
        questions:
          - {id: scene, type: place, label: "Where was it?", missing: Enter where it was}
"""


def test_it_works(at: datetime) -> None:
    question_set = parse_question_set(SET)
    problems = read_answers(question_set, {}, at=at).problems
    errors = html_errors(question_set.questions, problems, {})
    assert errors == {"scene_place": "Enter where it was"}
