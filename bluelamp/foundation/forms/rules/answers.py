"""Read, check, write and show the answers to a question set. Pure functions.

One walk through the set decides what is asked: a question is asked only if its section, its page
and itself are, by the answers before it. An answer to a question that is not asked never leaves.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
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
from bluelamp.foundation.forms.rules.sources import (
    CheckedValueSource,
    TextSource,
    ValueSource,
    row_texts,
)
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.kernel.problems import Problem

Values = dict[str, Value]


class PageKey(NamedTuple):
    """A page that is asked: its id, and in a repeating section the number of its row."""

    page_id: str
    row: int | None = None


class RowText(NamedTuple):
    """An answer for the eye: the question's short label, the lines of its answer, and its id."""

    label: str
    lines: list[str]
    question_id: str


@dataclass(slots=True)
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
    def title(self) -> str:
        """Return what the page is called."""
        return self.page.title

    @property
    def question_ids(self) -> list[str]:
        """Return the ids of the page's questions that are asked."""
        return [question.id for question, _value in self.answers]

    @property
    def values(self) -> Values:
        """Return the values of the answered questions."""
        return {question.id: value for question, value in self.answers if value is not None}

    @property
    def rows(self) -> list[RowText]:
        """Return the answers for the eye.

        Optional questions without an answer are left out. Other questions without one have no
        lines. An answer that joins another stands in its row: two texts, such as names, on one
        line.
        """
        rows: dict[str, RowText] = {}
        for question, value in self.answers:
            # Not "is not required": a question that is required at times shows that it has no
            # answer.
            if value is None and question.required is False:
                continue
            lines = [] if value is None else answer_type(question.type).show(question, value)
            first = rows.get(question.joins)
            if first is None:
                rows[question.id] = RowText(question.title, lines, question.id)
            elif question.type == "text" and len(first.lines) == len(lines) == 1:
                first.lines[0] += f" {lines[0]}"
            else:
                first.lines.extend(lines)
        return list(rows.values())


@dataclass(slots=True)
class SectionStep:
    """A section that is asked: the pages of it that are, and what is wrong with it as a whole."""

    section: Section
    pages: list[PageStep]
    problems: list[Problem]

    @property
    def id(self) -> str:
        """Return the id of the section."""
        return self.section.id

    @property
    def title(self) -> str:
        """Return what the section is called."""
        return self.section.title

    @property
    def private(self) -> str:
        """Return the label of who may see the answers, "" for all."""
        return self.section.private

    @property
    def values(self) -> Values:
        """Return the values of the answered questions; of rows, by the section's id, a list."""
        by_row: dict[int | None, Values] = {}
        for page in self.pages:
            row = by_row.setdefault(page.row, {})
            for question, value in page.answers:
                if value is not None:
                    row[question.id] = value
        if self.section.repeat is None:
            return by_row.get(None, {})
        rows = [row for row in by_row.values() if row]
        return {self.section.id: rows} if rows else {}


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


def show_answers(
    question_set: QuestionSet, values: Mapping[str, Any], *, today: date
) -> list[SectionStep]:
    """Return the answers for the eye, only of what is asked: see the pages' `rows`."""
    return list(walk_sections(question_set, ValueSource(values), today=today))


def visible_pages(
    question_set: QuestionSet, values: Mapping[str, Any], *, today: date
) -> list[PageKey]:
    """Return the pages that are asked, in order, given the values of the answers so far."""
    steps = walk_sections(question_set, ValueSource(values), today=today)
    return [page.key for step in steps for page in step.pages]


def read_page(
    question_set: QuestionSet,
    page_id: str,
    texts: Texts,
    *,
    values: Mapping[str, Any],
    at: datetime,
    row_values: Mapping[str, Any] | None = None,
) -> PageStep:
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
    page = question_set.page(page_id)
    own_ids = {question.id for question in page.questions}
    scope = {**values, **(row_values or {})}
    # What was answered here before is about to be replaced, and must not hide a question.
    scope = {name: value for name, value in scope.items() if name not in own_ids}
    step = _ask_page(page, None, texts, scope, TextSource(texts, at=at), london_date(at))
    return step or PageStep(page, None, [], [])


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
        # The name is the sender's, and may be as long as the request.
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
    question_set: QuestionSet, source: ValueSource, *, today: date
) -> Iterator[SectionStep]:
    """Yield each section that is asked, with its pages that are."""
    scope: Values = {}
    for section in question_set.sections:
        if not section.applies(scope, today):
            continue
        step = SectionStep(section, [], [])
        repeat = section.repeat
        rows = source.rows(section) if repeat else [(None, source.content)]
        # The rows beyond the most are one problem, below. To walk them would let one request with
        # thousands of rows take a processor for long.
        for row, content in rows[: repeat.most if repeat else 1]:
            # A copy: what one row answers must not decide what the next row is asked.
            row_scope = dict(scope) if repeat else scope
            for page in section.pages:
                if page_step := _ask_page(page, row, content, row_scope, source, today):
                    step.pages.append(page_step)
        if repeat:
            # Outside the section, a condition can only ask whether the section has rows.
            scope |= step.values
            step.problems.extend(_check_rows(section, len(rows), step.values, today))
        yield step


def _ask_page(
    page: Page,
    row: int | None,
    content: Mapping[str, Any],
    scope: Values,
    source: ValueSource,
    today: date,
) -> PageStep | None:
    """Return a page that is asked, None if it is not. The scope gets its values."""
    if not page.applies(scope, today):
        return None
    answers: list[tuple[Question, Value | None]] = []
    problems: dict[str, Problem] = {}
    for question in page.questions:
        is_conditional = question.condition is not None
        if is_conditional and not (question.names_itself or question.applies(scope, today)):
            continue
        value, wrong = source.answer(question, content)
        # What was typed counts as an answer here even where it is wrong: its error must be seen.
        if is_conditional and question.names_itself:
            own_values = {**scope, question.id: "?" if wrong else value}
            if not question.applies(own_values, today):
                continue
        if value is not None and question.conditional_choices:
            value = _drop_hidden_choices(question, value, scope, today)
        if value is not None:
            scope[question.id] = value
        elif not wrong and question.is_required(scope, today):
            wrong = [missing_problem(question, source.error_field(question))]
        answers.append((question, value))
        for problem in wrong:
            # The first problem of a field only: a summary with two links to one field confuses.
            problems.setdefault(problem.field, problem)
    # All of its questions are hidden. A page that never had questions is there to be read.
    if page.questions and not answers:
        return None
    for check in page.checks:
        at = next((question for question, _ in answers if question.id == check.at), None)
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


def _check_rows(section: Section, row_count: int, values: Values, today: date) -> Iterator[Problem]:
    """Yield what is wrong with a repeating section as a whole."""
    repeat = section.repeat
    if repeat and row_count < repeat.least:
        params = {"least": repeat.least, "noun": repeat.noun}
        yield Problem("forms.rows_too_few", section.id, params)
    elif repeat and row_count > repeat.most:
        yield Problem("forms.rows_too_many", section.id, {"most": repeat.most})
    elif section.covers and not _covers_years(section.covers, values.get(section.id, []), today):
        yield text_problem(section.covers.error, section.id)


def _covers_years(covers: Covers, rows: list[Values], today: date) -> bool:
    """Return whether the rows' periods leave no day of the last years out, up to today."""
    first = resolve_day(f"{covers.years} years ago", today) or date.min
    # Values may not have been checked.
    days = [
        [resolve_day(str(row.get(name)), date.min) for name in (covers.start, covers.end)]
        for row in rows
    ]
    # The last day that the periods so far reach without a gap.
    reached = first - timedelta(days=1)
    for start, end in sorted((start, end or today) for start, end in days if start):
        if (start - reached).days > 1:
            return False
        reached = max(reached, end)
    return reached >= today - timedelta(days=1)


def _collect_answers(steps: Iterator[SectionStep], problems: list[Problem]) -> Answers:
    """Return everything that a walk found, private sections apart."""
    answers = Answers({}, {}, problems, [])
    for step in steps:
        values = step.values
        if values and step.private:
            answers.private.setdefault(step.private, {}).update(values)
        elif values:
            answers.values.update(values)
        for page in step.pages:
            prefix = "" if page.row is None else f"{step.section.id}.{page.row}."
            problems += [
                replace(problem, field=prefix + problem.field) for problem in page.problems
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
