"""A place that is missing leads to where people look one up; a wrong part leads to itself."""

from datetime import UTC, datetime

import pytest

from bluelamp.foundation.forms.rules import parse_question_set, read_answers
from bluelamp.records.reference.rules import answer_types as _answer_types  # noqa: F401
from bluelamp.web.forms.pages import html_errors

AT = datetime(2026, 3, 3, 16, 15, tzinfo=UTC)
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


def _find_errors(texts: dict[str, str]) -> dict[str, str]:
    question_set = parse_question_set(SET)
    problems = read_answers(question_set, texts, at=AT).problems
    return html_errors(question_set.questions, problems, texts)


def test_it_works() -> None:
    # The field of the address says that it is optional.
    assert _find_errors({}) == {"scene_place": "Enter where it was"}


@pytest.mark.parametrize(
    ("texts", "field"),
    [
        ({"scene_address": " "}, "scene_place"),
        # A street that was typed and not found says nothing yet.
        ({"scene_place_text": "Nowhere Road"}, "scene_place"),
        ({"scene_place_text": "x" * 201}, "scene_place"),
        ({"scene_address": "x" * 401}, "scene_address"),
        ({"scene_place_detail": "x" * 401}, "scene_place_detail"),
        ({"scene_easting": "x"}, "scene_place"),
        ({"scene_postcode": "x" * 12}, "scene_place"),
    ],
)
def test_error_leads_to_what_is_wrong(texts: dict[str, str], field: str) -> None:
    assert list(_find_errors(texts)) == [field]
