"""Read, check, write and show the answers to a question set. Pure functions.

One walk through the set decides what is asked: a question is asked only if its section, its page
and itself are, by the answers before it. An answer to a question that is not asked never leaves.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from bluelamp.foundation.forms.rules.answer_type import Texts, Value
from bluelamp.foundation.forms.rules.question_set import QuestionSet
from bluelamp.foundation.kernel.problems import Problem

Values = dict[str, Value]


class PageKey(NamedTuple):
    """A page that is asked: its id, and in a repeating section the number of its row."""

    page_id: str
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to the questions that are asked.

    Attributes:
        values: The value of each answered question by its id; of a repeating section, by the
            section's id, a list with the values of each row. Those of private sections are not
            here.
        private: The values of private sections, by the section's `private` label.
        problems: What is wrong, in the order of the pages, at most one for each form field.
        pages: The pages that are asked, in order.
    """

    values: Values
    private: dict[str, Values]
    problems: list[Problem]
    pages: list[PageKey]

    @property
    def all_values(self) -> Values:
        """Return the values with those of private sections among them."""
        merged = dict(self.values)
        for values in self.private.values():
            merged |= values
        return merged


@dataclass(frozen=True, slots=True)
class PageAnswers:
    """One page: its values, its problems, and the ids of its questions that are asked."""

    values: Values
    problems: list[Problem]
    question_ids: list[str]


class Row(NamedTuple):
    """An answer for the eye: the question's short label and the lines of its answer."""

    label: str
    lines: list[str]
    question_id: str


@dataclass(frozen=True, slots=True)
class PageText:
    """A page's answers for the eye."""

    key: PageKey
    title: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class SectionText:
    """A section's answers for the eye; `private` is the label of who may see it, "" for all."""

    id: str
    title: str
    private: str
    pages: list[PageText]


@dataclass(frozen=True, slots=True)
class Fact:
    """What answers say about one thing: a record to be, or one to be found and linked."""

    thing: str
    kind: str
    role: str
    type: str
    fields: dict[str, Value] = field(default_factory=dict)
    row: int | None = None


def visible_pages(
    question_set: QuestionSet, values: Mapping[str, Any], *, today: date
) -> list[PageKey]:
    """Return the pages that are asked, in order, given the values of the answers so far."""
    raise NotImplementedError


def read_page(
    question_set: QuestionSet,
    page_id: str,
    texts: Texts,
    *,
    at: datetime,
    row: int | None = None,
) -> PageAnswers:
    """Return one page's values and problems from what was typed in the whole form so far."""
    raise NotImplementedError


def read_answers(question_set: QuestionSet, texts: Texts, *, at: datetime) -> Answers:
    """Return every answer from what was typed in the whole form, with every problem."""
    raise NotImplementedError


def check_values(question_set: QuestionSet, values: Mapping[str, Any], *, at: datetime) -> Answers:
    """Return the answers in their one form from values that came as JSON, with every problem.

    Answers to questions that are not asked are dropped; names that the set does not have are
    problems.
    """
    raise NotImplementedError


def write_answers(question_set: QuestionSet, values: Mapping[str, Any]) -> dict[str, str]:
    """Return the form's fields from which `read_answers` returns these values."""
    raise NotImplementedError


def show_answers(
    question_set: QuestionSet, values: Mapping[str, Any], *, today: date
) -> list[SectionText]:
    """Return the answers for the eye, only of what is asked and answered."""
    raise NotImplementedError


def list_facts(question_set: QuestionSet, values: Mapping[str, Any], *, today: date) -> list[Fact]:
    """Return what the answers say about each thing, a fact for each row that repeats."""
    raise NotImplementedError


def add_row(texts: Texts, section_id: str) -> tuple[dict[str, str], int]:
    """Return the form's fields with one more row of a repeating section, and the row's number."""
    raise NotImplementedError


def remove_row(texts: Texts, section_id: str, row: int) -> dict[str, str]:
    """Return the form's fields without a row. Its number is never used again."""
    raise NotImplementedError
