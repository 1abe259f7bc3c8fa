"""Read, check and write the answers to a question set. Pure functions.

One walk through the set decides what is asked: a question is asked only if its section, its page
and itself are, by the answers before it. An answer to a question that is not asked never leaves.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from bluelamp.foundation.forms.rules.answer_type import (
    Texts,
    Value,
    answer_type,
    missing_problem,
    text_problem,
)
from bluelamp.foundation.forms.rules.conditions import is_answered, resolve_day
from bluelamp.foundation.forms.rules.question_set import (
    Covers,
    Page,
    Question,
    QuestionSet,
    Section,
)
from bluelamp.foundation.forms.rules.rows import row_texts
from bluelamp.foundation.forms.rules.sources import (
    CheckedValueSource,
    Source,
    TextSource,
    ValueSource,
)
from bluelamp.foundation.kernel.clock import london_date
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


@dataclass(frozen=True, slots=True)
class SectionStep:
    """A section that is asked: the pages of it that are, and what is wrong with it as a whole."""

    section: Section
    pages: list["PageStep"]
    problems: list[Problem]


@dataclass(frozen=True, slots=True)
class PageStep:
    """A page that is asked: its questions that are, each with its value, and what is wrong."""

    page: Page
    row: int | None
    answers: list[tuple[Question, Value | None]]
    problems: list[Problem]

    @property
    def key(self) -> PageKey:
        """Return the page and its row."""
        return PageKey(self.page.id, self.row)

    @property
    def values(self) -> Values:
        """Return the values of the answered questions."""
        return {question.id: value for question, value in self.answers if value is not None}


def visible_questions(
    page: Page, values: Mapping[str, Any], *, today: date
) -> tuple[Question, ...]:
    """Return the questions of a page that are asked, given the values of the answers so far."""
    return tuple(question for question in page.questions if question.applies(values, today))


def visible_pages(
    question_set: QuestionSet, values: Mapping[str, Any], *, today: date
) -> list[PageKey]:
    """Return the pages that are asked, in order, given the values of the answers so far."""
    sections = walk_sections(question_set, ValueSource(values), today=today)
    return [step.key for section in sections for step in section.pages]


def read_page(
    question_set: QuestionSet,
    page_id: str,
    texts: Texts,
    *,
    values: Mapping[str, Any],
    at: datetime,
    row_values: Mapping[str, Any] | None = None,
) -> PageAnswers:
    """Return one page's values and problems from what was typed on it.

    Args:
        question_set: The set.
        page_id: The page. Whether its section is asked is for the caller to know.
        texts: What was typed on the page, in a repeating section without the row's prefix. The
            fields of the problems have none either.
        values: The values of the whole form so far.
        at: The present instant.
        row_values: The values of the same row so far.
    """
    page, section = question_set.page(page_id), question_set.sections_by_page[page_id]
    scope = {**values, **(row_values or {})}
    for question in page.questions:
        scope.pop(question.id, None)
    step = _ask_page(section, page, None, scope, TextSource(texts, at=at), london_date(at))
    if step is None:
        return PageAnswers({}, [], [])
    return PageAnswers(step.values, step.problems, [question.id for question, _ in step.answers])


def read_answers(question_set: QuestionSet, texts: Texts, *, at: datetime) -> Answers:
    """Return every answer from what was typed in the whole form, with every problem."""
    source = TextSource(texts, at=at)
    return _collect_answers(walk_sections(question_set, source, today=london_date(at)), [])


def check_values(question_set: QuestionSet, values: Mapping[str, Any], *, at: datetime) -> Answers:
    """Return the answers in their one form from values that came as JSON, with every problem.

    Answers to questions that are not asked are dropped. Names that the set does not have are
    problems. The field of a problem is the question's id, or `id.part`.
    """
    source = CheckedValueSource(values, at=at)
    unknown = [
        Problem("forms.answer_unknown", str(name)[:100])
        for name in values
        if name not in question_set.value_names
    ]
    return _collect_answers(walk_sections(question_set, source, today=london_date(at)), unknown)


def write_answers(question_set: QuestionSet, values: Mapping[str, Any]) -> dict[str, str]:
    """Return the form's fields from which `read_answers` returns these values."""
    texts: dict[str, str] = {}
    for section in question_set.sections:
        if section.repeat is None:
            texts |= _write_section(section, values)
        elif rows := values.get(section.id):
            for number, row in enumerate(rows, start=1):
                fields = _write_section(section, row)
                texts |= {f"{section.id}.{number}.{name}": text for name, text in fields.items()}
            texts |= row_texts(section, list(range(1, len(rows) + 1)), len(rows) + 1)
    return texts


def walk_sections(
    question_set: QuestionSet, source: Source, *, today: date
) -> Iterator[SectionStep]:
    """Yield each section that is asked, with its pages that are."""
    scope: Values = {}
    for section in question_set.sections:
        if not section.applies(scope, today):
            continue
        if section.repeat is None:
            steps = (_ask_page(section, page, None, scope, source, today) for page in section.pages)
            yield SectionStep(section, [step for step in steps if step], [])
            continue
        row_count = len(rows := source.rows(section))
        pages: list[PageStep] = []
        for row in rows[: section.repeat.most]:
            row_scope = dict(scope)
            steps = (
                _ask_page(section, page, row, row_scope, source, today) for page in section.pages
            )
            pages += [step for step in steps if step]
        # Outside the section, a condition can only ask whether the section has rows.
        scope[section.id] = values_of_rows = _row_values(pages)
        yield SectionStep(section, pages, _check_rows(section, row_count, values_of_rows, today))


def _ask_page(
    section: Section, page: Page, row: int | None, scope: Values, source: Source, today: date
) -> PageStep | None:
    """Return a page that is asked, None if it is not. The scope gets its values."""
    if not page.applies(scope, today):
        return None
    answers: list[tuple[Question, Value | None]] = []
    problems: dict[str, Problem] = {}
    for question in page.questions:
        if not (question.names_itself or question.applies(scope, today)):
            continue
        value, wrong = source.answer(section, row, question)
        # What was typed counts as an answer here even where it is wrong: its error must be seen.
        own_value = "?" if wrong else value
        if question.names_itself and not question.applies({**scope, question.id: own_value}, today):
            continue
        if value is not None and question.conditional_choices:
            value = _drop_hidden_choices(question, value, scope, today)
        if value is not None:
            scope[question.id] = value
        elif not wrong and question.is_required(scope, today):
            wrong = [missing_problem(question, source.error_field(question))]
        answers.append((question, value))
        for problem in wrong:
            problems.setdefault(problem.field, problem)
    if page.questions and not answers:
        return None
    for check in page.checks:
        at = next((asked for asked, _ in answers if asked.id == check.at), None)
        if at and (source.is_form or check.api) and check.applies(scope, today):
            field = source.error_field(at)
            problems.setdefault(field, text_problem(check.error, field))
    return PageStep(page, row, answers, list(problems.values()))


def _drop_hidden_choices(
    question: Question, value: Value, scope: Values, today: date
) -> Value | None:
    """Return an answer without the choices that are not there, None if nothing is left."""
    hidden = {
        choice.value for choice in question.conditional_choices if not choice.applies(scope, today)
    }
    if isinstance(value, list):
        return [chosen for chosen in value if chosen not in hidden] or None
    return None if value in hidden else value


def _row_values(pages: list[PageStep]) -> list[Values]:
    """Return the values of each row in which something is answered."""
    by_row: dict[int | None, Values] = {}
    for step in pages:
        by_row.setdefault(step.row, {}).update(step.values)
    return [values for values in by_row.values() if values]


def _check_rows(section: Section, row_count: int, rows: list[Values], today: date) -> list[Problem]:
    """Return what is wrong with a repeating section as a whole."""
    repeat = section.repeat
    if repeat is None:
        return []
    if row_count < repeat.least:
        params = {"least": repeat.least, "noun": repeat.noun}
        return [Problem("forms.rows_too_few", section.id, params)]
    if row_count > repeat.most:
        return [Problem("forms.rows_too_many", section.id, {"most": repeat.most})]
    if section.covers and not _covers_years(section.covers, rows, today):
        return [text_problem(section.covers.error, section.id)]
    return []


def _covers_years(covers: Covers, rows: list[Values], today: date) -> bool:
    """Return whether the rows' periods leave no day of the last years out, up to today."""
    first = resolve_day(f"{covers.years} years ago", today) or date.min
    days = [(_parse_day(row.get(covers.start)), _parse_day(row.get(covers.end))) for row in rows]
    # The last day that the periods so far reach without a gap.
    reached = first - timedelta(days=1)
    for start, end in sorted((start, end or today) for start, end in days if start):
        if (start - reached).days > 1:
            return False
        reached = max(reached, end)
    return reached >= today - timedelta(days=1)


def _parse_day(value: Value) -> date | None:
    """Return the day of a value, None where there is none: values may not have been checked."""
    return resolve_day(value, date.min) if isinstance(value, str) else None


def _collect_answers(sections: Iterator[SectionStep], problems: list[Problem]) -> Answers:
    """Return everything that a walk found, private sections apart."""
    answers = Answers({}, {}, problems, [])
    for step in sections:
        section, values = step.section, Values()
        if section.repeat is None:
            for page in step.pages:
                values |= page.values
        elif rows := _row_values(step.pages):
            values[section.id] = rows
        if values and section.private:
            answers.private.setdefault(section.private, {}).update(values)
        answers.values.update({} if section.private else values)
        for page in step.pages:
            prefix = "" if page.row is None else f"{section.id}.{page.row}."
            problems += [
                Problem(problem.code, prefix + problem.field, problem.params) if prefix else problem
                for problem in page.problems
            ]
        problems += step.problems
        answers.pages.extend(page.key for page in step.pages)
    return answers


def _write_section(section: Section, values: Mapping[str, Any]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for question in section.questions:
        if is_answered(value := values.get(question.id)):
            texts |= answer_type(question.type).write(question, value)
    return texts
