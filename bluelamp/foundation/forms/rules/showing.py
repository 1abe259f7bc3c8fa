"""Answers for the eye, and the facts that they become. Pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from bluelamp.foundation.forms.rules.answer_type import Value, answer_type
from bluelamp.foundation.forms.rules.answers import PageKey, PageStep, walk_sections
from bluelamp.foundation.forms.rules.conditions import is_answered
from bluelamp.foundation.forms.rules.question_set import QuestionSet, Section
from bluelamp.foundation.forms.rules.sources import ValueSource


class RowText(NamedTuple):
    """An answer for the eye: the question's short label, the lines of its answer, and its id."""

    label: str
    lines: list[str]
    question_id: str


@dataclass(frozen=True, slots=True)
class PageText:
    """A page's answers for the eye."""

    key: PageKey
    title: str
    rows: list[RowText]


@dataclass(frozen=True, slots=True)
class SectionText:
    """A section's answers for the eye; `private` is the label of who may see it, "" for all."""

    id: str
    title: str
    private: str
    pages: list[PageText]


@dataclass(frozen=True, slots=True)
class Fact:
    """What answers say about one thing: a record to be, or one to be found and linked.

    `row` is the number of its row where it comes from a repeating section; `private` is the label
    of who may see it, "" for all.
    """

    thing: str
    kind: str
    role: str
    type: str
    private: str
    row: int | None
    fields: dict[str, Value] = field(default_factory=dict)


def show_answers(
    question_set: QuestionSet, values: Mapping[str, Any], *, today: date
) -> list[SectionText]:
    """Return the answers for the eye, only of what is asked.

    Optional questions without an answer are left out. Other questions without one have no lines.
    """
    return [
        SectionText(
            step.section.id,
            step.section.title,
            step.section.private,
            [PageText(page.key, page.page.title, show_page(page)) for page in step.pages],
        )
        for step in walk_sections(question_set, ValueSource(values), today=today)
    ]


def list_facts(question_set: QuestionSet, values: Mapping[str, Any], *, today: date) -> list[Fact]:
    """Return what the answers say about each thing, a fact for each row that repeats."""
    facts: dict[tuple[str, int | None, str], Fact] = {}
    for step in walk_sections(question_set, ValueSource(values), today=today):
        private = step.section.private
        for page in step.pages:
            for question, value in page.answers:
                if value is None or not question.becomes:
                    continue
                name, _, field_name = question.becomes.partition(".")
                thing = question_set.things[name]
                fact = facts.setdefault(
                    (name, page.row, private),
                    Fact(name, thing.kind, thing.role, thing.type, private, page.row),
                )
                # Without a field, an answer of several parts becomes several fields.
                fact.fields.update({field_name: value} if field_name else value)
    return list(facts.values())


def fill_in_facts(
    question_set: QuestionSet, facts: Mapping[str, Sequence[Mapping[str, Any]]], *, at: datetime
) -> dict[str, Any]:
    """Return the values that known facts give, to fill a form in: the way back of `list_facts`.

    Args:
        question_set: The set.
        facts: For each thing, the fields of what is known: one fact, or in a repeating section one
            for each row. A field that is no right answer is left out.
        at: The present instant.
    """
    values: dict[str, Any] = {}
    for section in question_set.sections:
        things = {question.becomes.partition(".")[0] for question in section.questions}
        if section.repeat is None:
            first = {name: known[0] for name, known in facts.items() if known}
            values |= _fill_in_section(section, first, at)
            continue
        # Only one thing of a row can be known by itself: which of two things' rows belong together
        # nobody has said.
        rows = [
            _fill_in_section(section, {name: known}, at)
            for name in sorted(things & facts.keys())[:1]
            for known in facts[name]
        ]
        if rows := [row for row in rows if row]:
            values[section.id] = rows
    return values


def _fill_in_section(
    section: Section, known: Mapping[str, Mapping[str, Any]], at: datetime
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for question in section.questions:
        name, _, field_name = question.becomes.partition(".")
        fact = known.get(name, {})
        given = fact.get(field_name) if field_name else fact
        if is_answered(given) and given != {}:
            value, _problems = answer_type(question.type).check(question, given, at)
            values |= {} if value is None else {question.id: value}
    return values


def show_page(page: PageStep) -> list[RowText]:
    """Return the answers of one page for the eye, as `show_answers` does for all pages."""
    rows: dict[str, RowText] = {}
    for question, value in page.answers:
        if value is None and question.required is False:
            continue
        lines = [] if value is None else answer_type(question.type).show(question, value)
        if question.joins in rows:
            _join_lines(rows[question.joins].lines, lines, is_text=question.type == "text")
        else:
            rows[question.id] = RowText(question.title, lines, question.id)
    return list(rows.values())


def _join_lines(lines: list[str], more: list[str], *, is_text: bool) -> None:
    """Add the lines of another answer: one text after another on one line, such as two names."""
    if is_text and len(lines) == 1 and len(more) == 1:
        lines[0] = f"{lines[0]} {more[0]}"
    else:
        lines += more
