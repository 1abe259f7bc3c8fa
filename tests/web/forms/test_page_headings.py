"""Every page of every form has one heading of the first level, which says what the page asks."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from bluelamp.foundation.forms.built_in import read_file
from bluelamp.foundation.forms.rules import (
    BadQuestionSet,
    Page,
    QuestionSet,
    answer_type_names,
    parse_question_set,
)
from bluelamp.web.forms.pages import PageView, find_revealing_choice, html_values, view_page
from bluelamp.web.jinja import environment
from tests.foundation.forms.test_every_path import make_random_set
from tests.web.forms.test_question_macros import EXTRA_LINES, make_set

AT = datetime(2026, 11, 27, 12, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[3]
FILES = [
    path
    for folder in ("bluelamp/*/*/question_sets", "docs/examples")
    for path in sorted(ROOT.glob(f"{folder}/*.yaml"))
    # Translations stand beside the sets: `report.cy.yaml`.
    if "." not in path.stem
]
# As the two front ends have a page: the report's own template draws its heading itself.
PAGE = environment().from_string(
    "{% from 'components/questions.html.jinja' import page_questions %}"
    "{{ page_questions(view, values, {}, dense=dense) }}"
)


def _list_views(page: Page) -> Iterator[PageView]:
    """Yield the page with all that it can ask, and with each of its questions alone."""
    tops = [one.id for one in page.questions if find_revealing_choice(one, page) is None]
    everything = [question.id for question in page.questions]
    for ids in (everything, *([top] for top in tops if len(tops) > 1)):
        yield view_page(page, question_ids=ids, values={}, texts={}, today=AT.date())


def _check_headings(question_set: QuestionSet) -> int:
    """Check the heading of every page, and return how many were drawn."""
    drawn = 0
    for page in question_set.pages:
        for view in _list_views(page):
            for is_dense in (False, True):
                values = html_values(page.questions, {})
                html = PAGE.render(view=view, values=values, dense=is_dense)
                tree = lxml_html.fragment_fromstring(html, create_parent="div")
                headings = [" ".join(h1.text_content().split()) for h1 in tree.xpath("//h1")]
                assert headings == [" ".join(view.title.split())], (question_set.name, page.id)
                drawn += 1
    return drawn


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_works(path: Path) -> None:
    assert _check_headings(read_file(path).question_set)


@pytest.mark.parametrize("name", answer_type_names())
def test_one_question_of_each_type(name: str) -> None:
    extra = f", {EXTRA_LINES[name]}" if name in EXTRA_LINES else ""
    assert _check_headings(make_set(f"id: it, type: {name}, label: What?, missing: Tell us{extra}"))


def test_a_choice_of_many() -> None:
    choices = ", ".join(f"{{value: c{index}, label: C}}" for index in range(21))
    question = f"id: it, type: choice, label: What?, missing: Tell us, choices: [{choices}]"
    assert _check_headings(make_set(question))


@settings(deadline=None, max_examples=12)
@given(seed=st.integers(0, 2**32))
def test_random_sets(seed: int) -> None:
    content: dict[str, Any] = make_random_set(Random(seed))
    try:
        question_set = parse_question_set(json.dumps(content))
    except BadQuestionSet:  # a condition that no answers make true
        return
    _check_headings(question_set)
